"""Which system calls are left to foreign code: a seccomp filter (seccomp(2)) as a program for the kernel.

A list of what is allowed, not of what is forbidden, so a call that a future kernel brings is refused too. What is left
is computing, memory, the clock, waiting, the two pipes that are open already, and ending oneself.
"""

from __future__ import annotations

import platform
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Classic BPF (linux/bpf_common.h): load a word of the call's data, jump if equal, at least, or if bits are set; return.
LOAD = 0x20
JUMP_EQUAL = 0x15
JUMP_AT_LEAST = 0x35
JUMP_BITS = 0x45
RETURN = 0x06

# What the kernel does then (linux/seccomp.h): refuse with EPERM, go on, or end the process.
EPERM = 1
REFUSE = 0x0005_0000 | EPERM
ALLOW = 0x7FFF_0000
KILL = 0x8000_0000

# Where `struct seccomp_data` has them; of each argument the low half, both architectures being little-endian.
NUMBER = 0
ARCHITECTURE = 4
ARGUMENTS = 16

# x86_64 kernels take a second set of calls, numbered from here.
X32 = 0x4000_0000
PROT_EXEC = 4
SIGABRT = 6
# Advice about memory from here on (MADV_HWPOISON, MADV_SOFT_OFFLINE) takes pages away from the whole machine.
PRIVILEGED_ADVICE = 100


# What is left, with its numbers on x86_64 (asm/unistd_64.h) and on aarch64 (asm-generic/unistd.h).
ALLOWED: tuple[tuple[str, int, int | None], ...] = (
    ("read", 0, 63),
    ("write", 1, 64),
    ("mmap", 9, 222),
    ("mprotect", 10, 226),
    ("munmap", 11, 215),
    ("brk", 12, 214),
    ("rt_sigreturn", 15, 139),
    ("sched_yield", 24, 124),
    ("mremap", 25, 216),
    ("madvise", 28, 233),
    ("nanosleep", 35, 101),
    ("getpid", 39, 172),
    ("exit", 60, 93),
    ("gettimeofday", 96, 169),
    ("gettid", 186, 178),
    ("time", 201, None),
    ("futex", 202, 98),
    ("restart_syscall", 219, 128),
    ("clock_gettime", 228, 113),
    ("clock_getres", 229, 114),
    ("clock_nanosleep", 230, 115),
    ("exit_group", 231, 94),
    ("tgkill", 234, 131),
)


@dataclass(frozen=True, slots=True)
class Architecture:
    """One kind of processor: its mark in linux/audit.h, the number of seccomp(2), and the numbers of allowed calls."""

    mark: int
    seccomp: int
    allowed: Mapping[str, int]


X86_64 = Architecture(0xC000_003E, 317, {name: number for name, number, _ in ALLOWED})
AARCH64 = Architecture(0xC000_00B7, 277, {name: number for name, _, number in ALLOWED if number is not None})
ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType({"x86_64": X86_64, "aarch64": AARCH64})


def architecture() -> Architecture | None:
    """That of this machine, or None where foreign code cannot be locked up."""
    return ARCHITECTURES.get(platform.machine()) if sys.platform == "linux" else None


def filter_program(architecture: Architecture, process: int) -> bytes:
    """The filter for the process of that id.

    Memory must not be made executable or be taken from others. The one signal there is, is that of abort(3) to oneself:
    whoever stops itself would not be ended by its alarm.
    """
    program = [
        _instruction(LOAD, ARCHITECTURE),
        _instruction(JUMP_EQUAL, architecture.mark, then=1),
        _instruction(RETURN, KILL),
        _instruction(LOAD, NUMBER),
        _instruction(JUMP_AT_LEAST, X32, otherwise=1),
        _instruction(RETURN, REFUSE),
    ]
    for name, number in architecture.allowed.items():
        checks = _checks(name, process)
        program += [_instruction(JUMP_EQUAL, number, otherwise=len(checks) + 1), *checks, _instruction(RETURN, ALLOW)]
    return b"".join([*program, _instruction(RETURN, REFUSE)])


def _checks(name: str, process: int) -> list[bytes]:
    """What the arguments of a call have to be like."""
    if name in {"mmap", "mprotect"}:
        return [
            _instruction(LOAD, ARGUMENTS + 8 * 2),
            _instruction(JUMP_BITS, PROT_EXEC, otherwise=1),
            _instruction(RETURN, REFUSE),
        ]
    if name == "madvise":
        return [
            _instruction(LOAD, ARGUMENTS + 8 * 2),
            _instruction(JUMP_AT_LEAST, PRIVILEGED_ADVICE, otherwise=1),
            _instruction(RETURN, REFUSE),
        ]
    if name == "tgkill":
        checks = [(0, process), (2, SIGABRT)]
        return [
            part
            for argument, value in checks
            for part in (
                _instruction(LOAD, ARGUMENTS + 8 * argument),
                _instruction(JUMP_EQUAL, value, then=1),
                _instruction(RETURN, REFUSE),
            )
        ]
    return []


def _instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    """One `struct sock_filter`: how many instructions to pass over when a comparison holds, and when it does not."""
    return struct.pack("=HBBI", code, then, otherwise, value)
