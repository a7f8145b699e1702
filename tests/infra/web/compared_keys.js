// On the same events: whether the frame's own copy of what labeling/keys.js has says the same.
async (source) => {
    const ours = await import("/static/labeling/keys.js");
    const taken = [/function pressed\([\s\S]*?\n  \}/, /const typing = [\s\S]*?;\n/].map((one) => one.exec(source)[0]);
    const theirs = new Function(`${taken.join(";")}; return { pressed, typing };`)();
    const codes = { a: "KeyA", A: "KeyA", 1: "Digit1", "¡": "Digit1", "å": "KeyA", ".": "Period", "…": "Period", ",": "Comma", "/": "Slash", " ": "Space" };
    const keys = [...Object.keys(codes), "Enter", "PageUp", "Escape", "F2", "Control", "Alt", "Shift", "Meta", "AltGraph"];
    const differ = [];
    let compared = 0;
    for (const key of keys) for (let held = 0; held < 16; held += 1) {
        const event = new KeyboardEvent("keydown", { key, code: codes[key] ?? key, ctrlKey: held & 1, altKey: held & 2, shiftKey: held & 4, metaKey: held & 8 });
        compared += 1;
        if (ours.pressed(event) !== theirs.pressed(event)) differ.push([key, held]);
    }
    const place = document.createElement("div");
    place.innerHTML = ["text", "radio", "checkbox", "range", "button", "number"].map((type) => `<input type="${type}">`).join("")
        + "<textarea></textarea><select></select><p>text</p><div contenteditable><b>text</b></div><div contenteditable=false></div>";
    document.body.append(place);
    for (const one of place.querySelectorAll("*")) {
        compared += 1;
        if (ours.typing(one) !== theirs.typing(one)) differ.push(one.outerHTML);
    }
    place.remove();
    return { compared, differ };
}
