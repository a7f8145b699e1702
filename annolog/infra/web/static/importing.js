// A file of tasks on its way from the browser to the API: looked at before it is sent, sent once, and given up safely.
// Everything that is shown of the file is put in as text.
const BEGINNING = 256 * 1024;
const KINDS = { json: "application/json", ndjson: "application/x-ndjson", jsonl: "application/x-ndjson", csv: "text/csv", tsv: "text/tab-separated-values", tab: "text/tab-separated-values", txt: "text/plain" };
const WORDS = { "application/json": "JSON", "application/x-ndjson": "NDJSON, a task a line", "text/csv": "CSV, a task a row", "text/tab-separated-values": "TSV, a task a row", "text/plain": "Text, a task a line" };

const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : `import-${Date.now()}-${Math.random().toString(36).slice(2)}`);
const counted = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

export default {
  template: `
    <div class="an-import">
      <div v-if="step === 'choose'" class="an-import-choose">
        <label class="an-drop" :class="over && 'an-over'" @dragover.prevent="over = true" @dragleave="over = false" @drop.prevent="dropped">
          <input type="file" class="an-visually-hidden" accept=".json,.ndjson,.jsonl,.csv,.tsv,.tab,.txt" @change="picked">
          <strong>Choose a file, or drop it here</strong>
          <span class="an-note">JSON, NDJSON, CSV, TSV or TXT · Label Studio's tasks, with annotations and predictions if they have some</span>
        </label>
        <details class="an-paste"><summary>Or paste tasks</summary>
          <textarea class="an-input an-mono" rows="6" aria-label="Tasks to paste" v-model="pasted" placeholder='[{"text": "A fine film."}]'></textarea>
          <div class="an-paste-row">
            <label>Pasted as <select class="an-input" v-model="pastedKind"><option v-for="(words, kind) in words" :key="kind" :value="kind">{{ words }}</option></select></label>
            <button type="button" class="an-plain-button" :disabled="!pasted.trim()" @click="paste">Look at it</button>
          </div>
        </details>
      </div>
      <div v-else class="an-import-file">
        <div class="an-import-head">
          <strong class="an-wrap">{{ name }}</strong>
          <label class="an-note">as <select class="an-input an-select-tiny" v-model="kind" :disabled="busy" @change="look"><option v-for="(words, one) in words" :key="one" :value="one">{{ words }}</option></select></label>
          <span class="an-note">{{ size }}<template v-if="total"> · {{ total.toLocaleString("en") }} lines</template></span>
          <button v-if="!busy && step !== 'done'" type="button" class="an-link-button" @click="again">Another file</button>
        </div>
      </div>
      <p v-if="problem" class="an-wrong" role="alert">{{ problem }}</p>
      <ul v-if="wrong.length" class="an-lines" aria-label="Lines that are wrong">
        <li v-for="(one, index) in wrong.slice(0, 20)" :key="index"><span class="an-mono">line {{ one.line }}</span> {{ one.detail }} <span class="an-note an-mono">{{ one.pointer }}</span></li>
        <li v-if="wrongCount > Math.min(wrong.length, 20)" class="an-note">and {{ (wrongCount - Math.min(wrong.length, 20)).toLocaleString("en") }} more</li>
      </ul>
      <template v-if="seen && step !== 'done'">
        <div class="an-fields-seen" role="list" aria-label="Fields">
          <span v-for="one in seen.fields" :key="one.field" role="listitem" class="an-badge" :class="one.needed ? (one.lines === seen.lines ? 'an-badge-good' : 'an-badge-bad') : ''">{{ (one.needed ? "$" : "") + one.field }}{{ one.needed ? (one.lines === seen.lines ? " ✓" : one.lines ? " missing in some" : " missing") : "" }}</span>
        </div>
        <p class="an-note">{{ says }}</p>
        <div class="an-scroll" tabindex="0" role="region" aria-label="First tasks">
          <table v-if="seen.rows.length" class="an-plain-table an-rows-seen">
            <thead><tr><th>Line</th><th v-for="one in columns" :key="one">{{ one }}</th></tr></thead>
            <tbody><tr v-for="row in seen.rows" :key="row.line"><td class="an-note">{{ row.line }}</td><td v-for="one in columns" :key="one">{{ cell(row.data[one]) }}</td></tr></tbody>
          </table>
        </div>
      </template>
      <div v-if="step === 'look'" class="an-import-act">
        <label class="an-check"><input type="checkbox" v-model="skip"> Leave wrong lines out, and import the others</label>
        <span class="an-space"></span>
        <button type="button" class="an-plain-button an-plain-primary" :disabled="looking || !seen || !seen.lines" @click="send">{{ resumed ? "Go on" : "Import" }}</button>
      </div>
      <div v-if="busy" class="an-import-act" role="status">
        <div class="an-import-progress">
          <progress :value="share" max="1" :aria-label="doing"></progress>
          <span class="an-note">{{ doing }}</span>
        </div>
        <button type="button" class="an-plain-button" @click="stop">Interrupt</button>
      </div>
      <div v-if="step === 'done'" class="an-import-done" role="status">
        <p class="an-consequence an-consequence-good">{{ done }}</p>
        <button type="button" class="an-plain-button" @click="again">Import more</button>
      </div>
    </div>`,
  props: { project: Number, tasks: Number },
  emits: ["imported"],
  data: () => ({
    step: "choose", over: false, pasted: "", pastedKind: "application/json", words: WORDS, name: "", kind: "", file: null, total: 0,
    looking: false, seen: null, problem: "", wrong: [], wrongCount: 0, skip: false, key: "", resumed: false, doing: "", share: null, done: "", before: 0,
  }),
  computed: {
    busy() { return this.step === "sending"; },
    size() {
      const bytes = this.file ? this.file.size : 0;
      return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3)).toLocaleString("en")} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
    },
    columns() { return this.seen ? this.seen.fields.filter((one) => one.lines).map((one) => one.field).slice(0, 8) : []; },
    says() {
      const seen = this.seen;
      const part = this.partial ? `In the first ${counted(seen.lines, "line")}` : `In ${counted(seen.lines, "line")}`;
      const more = [seen.annotations ? counted(seen.annotations, "annotation") : "", seen.predictions ? counted(seen.predictions, "prediction") : ""].filter(Boolean);
      const wrong = seen.wrong_count ? `${counted(seen.wrong_count, "line")} wrong` : "nothing wrong";
      return `${part}: ${[wrong, ...more].join(", ")}.`;
    },
  },
  methods: {
    path() { return `/v1/projects/${this.project}`; },
    cell(value) {
      const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
      return text.length > 140 ? `${text.slice(0, 140)}…` : text;
    },
    picked(event) { if (event.target.files[0]) this.take(event.target.files[0], event.target.files[0].name); event.target.value = ""; },
    dropped(event) { this.over = false; const file = event.dataTransfer.files[0]; if (file) this.take(file, file.name); },
    paste() { this.take(new Blob([this.pasted]), "Pasted tasks", this.pastedKind); },
    take(file, name, kind) {
      Object.assign(this, { file, name, key: newKey(), resumed: false, done: "", skip: false, total: 0 });
      this.kind = kind || KINDS[name.split(".").pop().toLowerCase()] || "application/x-ndjson";
      this.look();
    },
    again() { Object.assign(this, { step: "choose", file: null, seen: null, problem: "", wrong: [], wrongCount: 0, pasted: "" }); },
    // The beginning is enough to know a file by; of a JSON array the whole is needed.
    async look() {
      Object.assign(this, { step: "look", looking: true, seen: null, problem: "", wrong: [], wrongCount: 0 });
      const file = this.file;
      this.partial = this.kind !== "application/json" && file.size > BEGINNING;
      try {
        const response = await fetch(`${this.path()}/imports/check${this.partial ? "?partial=true" : ""}`, {
          method: "POST", headers: { "Content-Type": this.kind, Accept: "application/json" }, body: this.partial ? file.slice(0, BEGINNING) : file,
        });
        const value = await response.json();
        if (file !== this.file) return;
        if (!response.ok) this.problem = value.detail || `The server answered ${response.status}.`;
        else Object.assign(this, { seen: value, wrong: value.wrong, wrongCount: value.wrong_count, total: this.partial ? 0 : value.lines });
        if (this.partial && response.ok) this.count(file);
      } catch (error) {
        this.problem = "The server could not be reached. Nothing was imported.";
      } finally { this.looking = false; }
    },
    async count(file) {
      const reader = file.stream().getReader();
      let lines = 0;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        for (let place = value.indexOf(10); place !== -1; place = value.indexOf(10, place + 1)) lines += 1;
      }
      if (file === this.file) this.total = lines;
    },
    // The key belongs to the file: pressing again, or going on after an interruption, is the same import.
    send() {
      if (this.busy) return;
      Object.assign(this, { step: "sending", problem: "", wrong: [], wrongCount: 0, doing: "Sending the file…", share: 0 });
      const request = (this.request = new XMLHttpRequest());
      request.open("POST", `${this.path()}/imports?on_error=${this.skip ? "skip" : "refuse"}`);
      request.setRequestHeader("Content-Type", this.kind);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Idempotency-Key", this.key);
      request.upload.onprogress = (event) => {
        if (!event.lengthComputable) return;
        this.share = event.loaded / event.total;
        this.doing = `Sending the file: ${Math.round(100 * this.share)} %`;
      };
      request.upload.onload = () => { this.share = null; this.doing = "Checking every line…"; this.watch(request); };
      request.onload = () => this.answered(request);
      request.onerror = () => this.broken("The connection broke off. What is in stays in; press “Go on” for the rest.");
      request.onabort = () => this.broken("Interrupted. What is in stays in; press “Go on” for the rest, nothing comes twice.");
      request.send(this.file);
    },
    // How many are in is asked of the API, since the answer comes at the end.
    async watch(request) {
      let before = null;
      while (this.busy && this.request === request) {
        try {
          const shown = await (await fetch(this.path(), { headers: { Accept: "application/json" } })).json();
          if (before === null) before = this.resumed ? this.before : shown.tasks || 0;
          this.before = before;
          const now = (shown.tasks || 0) - before;
          if (now > 0 && this.busy) {
            this.doing = `${now.toLocaleString("en")}${this.total ? ` of about ${this.total.toLocaleString("en")}` : ""} tasks are in`;
            this.share = this.total ? Math.min(1, now / this.total) : null;
          }
        } catch { /* The import itself says when the server is gone. */ }
        await new Promise((wake) => setTimeout(wake, 700));
      }
    },
    stop() { if (this.request) this.request.abort(); },
    broken(words) { Object.assign(this, { step: "look", problem: words, resumed: true }); this.$emit("imported", { tasks: 0 }); },
    answered(request) {
      let value = {};
      try { value = JSON.parse(request.responseText); } catch { value = { detail: request.responseText.slice(0, 300) }; }
      if (request.status >= 300) {
        this.step = "look";
        this.problem = value.detail || `The server answered ${request.status}.`;
        this.wrong = (value.errors || []).map((one) => {
          const [, line, pointer] = /^line (\d+)(.*)$/s.exec(one.pointer) || [];
          return { line: line || "?", pointer: pointer || one.pointer, detail: one.detail };
        });
        this.wrongCount = value.wrong || this.wrong.length;
        // Nothing was written, so what comes next may be something else.
        this.key = this.resumed ? this.key : newKey();
        return;
      }
      this.step = "done";
      this.done = `${counted(value.imported, "task")} imported` + (value.refused_count ? `; ${counted(value.refused_count, "line")} left out.` : ".");
      this.wrong = value.refused || [];
      this.wrongCount = value.refused_count || 0;
      this.$emit("imported", { tasks: value.imported });
    },
  },
};
