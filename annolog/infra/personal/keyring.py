"""How keys are kept in their database: wrapped by a master key that is elsewhere, or bare where there is none."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from hashlib import sha256

from annolog.commands.vault import SealBroken
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.personal.sealing import KEY_BYTES, decrypted, encrypted

BARE, WRAPPED = b"\x00", b"\x01"
NUMBER_BYTES = 8
SETTING = "ANNOLOG_MASTER_KEY"
PREVIOUS = "ANNOLOG_PREVIOUS_MASTER_KEY"


def master_key(text: str, setting: str = SETTING) -> bytes:
    """The master key that somebody wrote down: 32 random bytes in base64."""
    try:
        found = b64decode(text.strip(), validate=True)
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES:
        raise _refused(setting, f"is {KEY_BYTES} random bytes in base64, such as `openssl rand -base64 32` gives")
    return found


@dataclass(frozen=True, slots=True)
class Keyring:
    """The master key in use and the one before it. What the older one wrapped, or none, is wrapped anew."""

    current: bytes | None = field(default=None, repr=False)
    previous: bytes | None = field(default=None, repr=False)

    def wrap(self, name: str, key: bytes) -> bytes:
        """A key as it is kept under a name."""
        if self.current is None:
            return BARE + key
        return WRAPPED + _number(self.current) + encrypted(self.current, key, name.encode())

    def unwrap(self, name: str, kept: bytes) -> bytes:
        """The key again; refused where the master key is not at hand that it was wrapped with."""
        if kept[:1] == BARE:
            return kept[1:]
        number, wrapped = kept[1 : 1 + NUMBER_BYTES], kept[1 + NUMBER_BYTES :]
        master = next((one for one in (self.current, self.previous) if one and _number(one) == number), None)
        if master is None:
            raise _refused(SETTING, "is not the one that the keys of personal data are wrapped with")
        try:
            return decrypted(master, wrapped, name.encode())
        except SealBroken as wrong:
            raise _refused(SETTING, f"does not open {name}, which was changed") from wrong

    def is_current(self, kept: bytes) -> bool:
        """Whether a key is kept as it would be kept today."""
        if self.current is None:
            return kept[:1] == BARE
        return kept[: 1 + NUMBER_BYTES] == WRAPPED + _number(self.current)


def _number(master: bytes) -> bytes:
    """Which master key it is, without telling anything of it."""
    return sha256(b"annolog/master-key/" + master).digest()[:NUMBER_BYTES]


def _refused(setting: str, message: str) -> InvalidInput:
    return InvalidInput(f"{setting} {message}", faults=[Fault(setting, message)])
