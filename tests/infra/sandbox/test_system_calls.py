"""The filter of system calls, run by a small kernel of the test's own, for both kinds of processors."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest

from annolog.infra.sandbox.system_calls import AARCH64, ARCHITECTURES, X86_64, Architecture, filter_program

PROCESS = 4_711
# linux/seccomp.h
KILL_PROCESS, ERRNO, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
EPERM = ERRNO | 1
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4


def kernel_says(program: bytes, mark: int, number: int, arguments: Sequence[int] = ()) -> int:
    """Run classic BPF over `struct seccomp_data`, as bpf(4) and seccomp(2) describe them."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, mark, 0, *(word & (1 << 64) - 1 for word in words))
    instructions = list(struct.iter_unpack("<HBBI", program))
    accumulator, position = 0, 0
    while True:
        code, then, otherwise, value = instructions[position]
        position += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x15:
                position += then if accumulator == value else otherwise
            case 0x35:
                position += then if accumulator >= value else otherwise
            case 0x45:
                position += then if accumulator & value else otherwise
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")


@pytest.fixture(params=ARCHITECTURES, name="one")
def each_architecture(request: pytest.FixtureRequest) -> Architecture:
    return ARCHITECTURES[request.param]


def test_only_what_is_listed_passes(one: Architecture) -> None:
    program = filter_program(one, PROCESS)
    passing = {number for number in range(5_000) if kernel_says(program, one.mark, number) != EPERM}
    assert passing == set(one.allowed.values()) - {one.allowed["tgkill"]}


@pytest.mark.parametrize(
    ("one", "numbers"),
    [
        # open, socket, connect, clone, fork, vfork, execve, kill, ptrace, mount, openat, unlink, rename, mkdir, prctl,
        # memfd_create, bpf, userfaultfd, process_vm_readv, io_uring_setup, keyctl, prlimit64, seccomp, clone3, openat2
        (
            X86_64,
            [2, 41, 42, 56, 57, 58, 59, 62, 101, 165, 257, 87, 82, 83, 157, 319, 321, 323, 310, 425, 250, 302, 317],
        ),
        (
            X86_64,
            [435, 437, 322, 85, 311, 126, 38, 37, 222, 13, 14, 109, 112, 3, 32, 33, 72, 16, 40, 46, 272, 308, 434],
        ),
        # The same, where aarch64 has them: openat, socket, connect, clone, execve, kill, ptrace, mount, unlinkat, …
        (AARCH64, [56, 198, 203, 220, 221, 129, 117, 40, 35, 38, 34, 167, 279, 280, 282, 270, 425, 219, 261, 277, 435]),
        (AARCH64, [437, 281, 271, 91, 103, 107, 134, 135, 57, 24, 25, 29, 71, 211, 97, 268, 434]),
    ],
)
def test_files_network_processes_and_privileges_are_refused(one: Architecture, numbers: list[int]) -> None:
    program = filter_program(one, PROCESS)
    assert {kernel_says(program, one.mark, number) for number in numbers} == {EPERM}


def test_the_calls_of_another_architecture_end_the_process(one: Architecture) -> None:
    program = filter_program(one, PROCESS)
    i386, arm = 0x40000003, 0x40000028
    other = AARCH64 if one is X86_64 else X86_64
    for mark in (i386, arm, other.mark, 0):
        assert {kernel_says(program, mark, number) for number in range(500)} == {KILL_PROCESS}


def test_the_x32_numbers_are_refused(one: Architecture) -> None:
    program = filter_program(one, PROCESS)
    assert {kernel_says(program, one.mark, 0x40000000 + number) for number in range(600)} == {EPERM}


@pytest.mark.parametrize("call", ["mmap", "mprotect"])
def test_memory_does_not_become_executable(one: Architecture, call: str) -> None:
    program, number = filter_program(one, PROCESS), one.allowed[call]
    assert kernel_says(program, one.mark, number, (0, 4_096, PROT_READ | PROT_WRITE)) == ALLOW
    assert kernel_says(program, one.mark, number, (0, 4_096, PROT_READ | PROT_EXEC)) == EPERM
    assert kernel_says(program, one.mark, number, (PROT_EXEC, PROT_EXEC, 0)) == ALLOW


def test_memory_is_not_taken_from_the_machine(one: Architecture) -> None:
    program, number = filter_program(one, PROCESS), one.allowed["madvise"]
    advice = {"MADV_DONTNEED": 4, "MADV_FREE": 8, "MADV_HUGEPAGE": 14}
    assert {kernel_says(program, one.mark, number, (0, 4_096, found)) for found in advice.values()} == {ALLOW}
    hwpoison, soft_offline = 100, 101
    for found in (hwpoison, soft_offline, -1):
        assert kernel_says(program, one.mark, number, (0, 4_096, found)) == EPERM


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((PROCESS, PROCESS, 6), ALLOW), ((PROCESS, PROCESS, 9), EPERM), ((1, 1, 6), EPERM), ((-1, -1, 6), EPERM)],
)
def test_the_one_signal_is_an_abort_of_oneself(one: Architecture, arguments: tuple[int, ...], says: int) -> None:
    assert kernel_says(filter_program(one, PROCESS), one.mark, one.allowed["tgkill"], arguments) == says
