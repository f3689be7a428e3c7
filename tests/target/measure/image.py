# SPDX-License-Identifier: MIT
"""Reads firmware images: what they load, and their machine code."""
import re
import subprocess
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """A target, its tools, and how its code masks interrupts and branches."""
    name: str
    tools: str
    mask: str
    unmask: str
    branch: str
    jump: str
    call: str
    leave: str
    indirect: str


TARGETS = [
    Target("rv32", "riscv64-unknown-elf-", mask=r"csrrc\S* \w+,mstatus,8", unmask=r"csrw\S* mstatus",
           branch=r"b\w+ ", jump=r"(c\.)?j ", call=r"(c\.)?jalr? ", leave=r"ret|mret|(c\.)?jr ",
           indirect=r"(c\.)?(jalr|jr) (?!ra$)[a-z]\w*$"),
    Target("lx106", "xtensa-lx106-elf-", mask=r"rsil \w+, 15", unmask=r"wsr\.ps ",
           branch=r"b\S+ ", jump=r"j(\.l)? ", call=r"callx?0 ", leave=r"ret(\.n)?\b|rfe|jx ",
           indirect=r"callx0 "),
    Target("cortex-m3", "arm-none-eabi-", mask=r"cpsid i", unmask=r"msr PRIMASK",
           branch=r"b(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(\.[nw])? |cbn?z ", jump=r"b(\.[nw])? ",
           call=r"blx? ", leave=r"bx |pop.*pc|ldm.*pc|ldr(\.w)? pc",
           indirect=r"blx? r|bl?x (?!lr)[a-z]"),
]


@dataclass
class Instruction:
    address: int
    text: str
    target: int | None


@dataclass
class Function:
    name: str
    code: list[Instruction] = field(default_factory=list)


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def loaded_bytes(target, path):
    """Bytes of every section that the image brings with it: code, constants, first values."""
    total = 0
    for line in output(target.tools + "readelf", "-SW", path).splitlines():
        match = re.match(r"\s*\[\s*\d+\]\s+\S+\s+(\w+)\s+\w+\s+\w+\s+(\w+)\s+\w+\s+(\w*)", line)
        if match and "A" in match[3] and match[1] != "NOBITS":
            total += int(match[2], 16)
    return total


def sizes(target, path):
    """(bytes, name) of what the image has of the library, the largest first."""
    text = output(target.tools + "nm", "-C", "-S", "--size-sort", "-r", path)
    rows = re.findall(r"^([0-9a-f]+) ([0-9a-f]+) [tTwWrRvV] (.*millpond::.*)$", text, re.MULTILINE)
    once = {address: (int(size, 16), name) for address, size, name in rows}  # a constructor has two names
    return list(once.values())


def parts(target, path):
    """(bytes, class or namespace) of what the image has of the library, the largest first."""
    total = {}
    for size, name in sizes(target, path):
        part = re.search(r"millpond::(?:\(anonymous namespace\)::)?(\w+)", name)[1]
        total[part] = total.get(part, 0) + size
    return sorted(((size, part) for part, size in total.items()), reverse=True)


class Image:
    """An image's functions and where their code leads."""

    def __init__(self, target, path):
        self.target, self.path = target, path
        self.functions = []
        for item in self.disassembly():
            if isinstance(item, str):
                self.functions.append(Function(item))
            elif self.functions:
                self.functions[-1].code.append(item)
        self.code = {}
        for function in self.functions:
            self.enter(function)

    def disassembly(self, begin=None):
        """The name of each function and its instructions; from the one at `begin` a few, or all."""
        part = [] if begin is None else [f"--start-address={begin}", f"--stop-address={begin + 200}"]
        for line in output(self.target.tools + "objdump", "-d", "--no-show-raw-insn", *part, self.path).splitlines():
            if head := re.match(r"[0-9a-f]+ <(.+)>:$", line):
                yield head[1]
            elif code := re.match(r"\s*([0-9a-f]+):\s+(.*)", line):
                text = re.sub(r"\s+", " ", code[2])
                # A jump names where it goes; an indirect one through a literal, only in the remark.
                goal = re.search(r"([0-9a-f]+) <[^>]*>\)?$", text)
                yield Instruction(int(code[1], 16), text, int(goal[1], 16) if goal else None)

    def enter(self, function):
        for number, instruction in enumerate(function.code):
            self.code.setdefault(instruction.address, (function, number))

    def at(self, address):
        """(function, number of the instruction in it)."""
        if address not in self.code:  # behind bytes that only fill up, and that were read as instructions
            self.enter(Function("", [item for item in self.disassembly(address) if isinstance(item, Instruction)]))
        return self.code[address]

    def is_a(self, kind, instruction):
        return re.match(getattr(self.target, kind), instruction.text) is not None

    def reading(self, names):
        """{name: the same as C++ reads}."""
        text = output(self.target.tools + "c++filt", input="\n".join(names))
        return dict(zip(names, text.splitlines()))
