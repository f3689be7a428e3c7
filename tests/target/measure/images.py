# SPDX-License-Identifier: MIT
"""Reads firmware images: what they load, their machine code, the compiler's call graph."""
import functools
import re
import subprocess
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """A target, the board that stands for it, its tools, and how its code masks interrupts and branches."""
    name: str
    board: str
    tools: str
    mask: str
    unmask: str
    branch: str
    jump: str
    call: str
    leave: str


TARGETS = [
    Target("rv32", "riscv", "riscv64-unknown-elf-", mask=r"csrrc\S* \w+,mstatus,8", unmask=r"csrw\S* mstatus",
           branch=r"b\w+ ", jump=r"(c\.)?j ", call=r"(c\.)?jalr? ", leave=r"ret|mret|(c\.)?jr "),
    Target("lx106", "xtensa", "xtensa-lx106-elf-", mask=r"rsil \w+, 15", unmask=r"wsr\.ps ",
           branch=r"b\S+ ", jump=r"j(\.l)? ", call=r"callx?0 ", leave=r"ret(\.n)?\b|rfe|jx "),
    Target("cortex-m3", "cortexm", "arm-none-eabi-", mask=r"cpsid i", unmask=r"msr PRIMASK",
           branch=r"b(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(\.[nw])? |cbn?z ", jump=r"b(\.[nw])? ",
           call=r"blx? ", leave=r"bx |pop.*pc|ldm.*pc|ldr(\.w)? pc"),
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


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def loaded_bytes(target, image):
    """Bytes of every section that the image brings with it: code, constants, first values."""
    total = 0
    for line in output(target.tools + "readelf", "-SW", image).splitlines():
        match = re.match(r"\s*\[\s*\d+\]\s+\S+\s+(\w+)\s+\w+\s+\w+\s+(\w+)\s+\w+\s+(\w*)", line)
        if match and "A" in match[3] and match[1] != "NOBITS":
            total += int(match[2], 16)
    return total


def disassembly(target, image, begin=None):
    """(address, name) of each function's head, and each instruction; from the one at `begin` a few, or all."""
    part = [] if begin is None else [f"--start-address={begin}", f"--stop-address={begin + 200}"]
    for line in output(target.tools + "objdump", "-d", "--no-show-raw-insn", *part, image).splitlines():
        if head := re.match(r"([0-9a-f]+) <(.+)>:$", line):
            yield int(head[1], 16), head[2]
        elif code := re.match(r"\s*([0-9a-f]+):\s+(.*)", line):
            text = re.sub(r"\s+", " ", code[2])
            # A jump names where it goes; an indirect one through a literal, only in the remark.
            goal = re.search(r"([0-9a-f]+) <[^>]*>\)?$", text)
            yield Instruction(int(code[1], 16), text, int(goal[1], 16) if goal else None)


def functions(target, image):
    """The image's functions."""
    found = []
    for item in disassembly(target, image):
        if isinstance(item, tuple):
            found.append(Function(item[1]))
        elif found:
            found[-1].code.append(item)
    return found


# Of a way through code: a loop, or a call to nobody knows where. And the depth of masks in a call.
endless = float("inf")
in_call = 1000


class Masked:
    """The longest way through an image's code from where interrupts are masked to where they no longer are."""

    def __init__(self, target, image):
        self.target = target
        self.image = image
        self.functions = functions(target, image)
        self.code = {}
        for function in self.functions:
            self.enter(function)
        self.under_way = set()

    def enter(self, function):
        for number, instruction in enumerate(function.code):
            self.code.setdefault(instruction.address, (function, number))

    def at(self, address):
        """(function, number of the instruction in it)."""
        if address not in self.code:  # behind bytes that only fill up, and that were read as instructions
            later = disassembly(self.target, self.image, address)
            self.enter(Function("", [item for item in later if isinstance(item, Instruction)]))
        return self.code[address]

    def is_a(self, kind, instruction):
        return re.match(getattr(self.target, kind), instruction.text) is not None

    def stretches(self):
        """(instructions up to and including the one that unmasks, function) for each place that masks."""
        for function in self.functions:
            if not library.match(function.name):
                continue
            for number, instruction in enumerate(function.code):
                if self.is_a("mask", instruction):
                    yield self.rest(function.code[number + 1].address, 1), function.name

    @functools.cache
    def rest(self, address, depth):
        """Instructions from `address` until the last mask, or the function where there is none, is left."""
        key = (address, depth)
        if key in self.under_way:
            return endless
        self.under_way.add(key)
        length = self.step(address, depth)
        self.under_way.remove(key)
        return length

    def step(self, address, depth):
        function, number = self.at(address)
        instruction = function.code[number]
        following = function.code[number + 1].address if number + 1 < len(function.code) else None
        if self.is_a("unmask", instruction):
            return 1 if depth == 1 else 1 + self.rest(following, depth - 1)
        if self.is_a("mask", instruction):
            return 1 + self.rest(following, depth + 1)
        if self.is_a("leave", instruction):
            return 1
        if self.is_a("call", instruction):
            # A call restores the mask that it found, so it lasts until it returns.
            callee = endless if instruction.target is None else self.rest(instruction.target, in_call)
            return endless if callee == endless else 1 + callee + self.rest(following, depth)
        if self.is_a("jump", instruction):
            return 1 + self.rest(instruction.target, depth)
        if self.is_a("branch", instruction):
            # While interrupts are masked nothing ends a core's reservation, so it is not tried again.
            if any(i.text.startswith("strex") for i in function.code[max(0, number - 3):number]):
                return 1 + self.rest(following, depth)
            return 1 + max(self.rest(instruction.target, depth), self.rest(following, depth))
        return 1 + self.rest(following, depth)


# What of an image is the library's: all in its namespace but the clock, which the board gives.
library = re.compile(r"_ZN?K?8millpond(?!4port11boardMicros)")

# The calls that take and give memory, without what observes them; and all calls, with the library's observer.
calls = re.compile(r"millpond::(MemoryManager::(allocate|deallocate|\w+Buffer\()|BlockPool::|RunPool::|"
                   r"Buffer::|SharedBuffer::)")
everything = re.compile("")


class Stack:
    """The compiler's call graph with the stack of each function."""

    # Who calls whom of the library through a pointer.
    callbacks = [("tell", "onMemoryEvent")]
    # What is never called again on its own way: what an observer does is correct, so nothing is to be told.
    once = "tell"

    def __init__(self, directory, of):
        self.own, self.callees, self.names, self.of = {}, {}, {}, of
        for graph in sorted(directory.rglob("*.ci")):
            text = graph.read_text()
            for title, name, stack in re.findall(
                    r'node: \{ title: "([^"]*)" label: "([^"\\]*)\\n[^"\\]*\\n(\d+) bytes', text):
                self.own[title], self.names[title] = int(stack), name
            for source, callee in re.findall(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text):
                self.callees.setdefault(source, set()).add(callee)
        self.telling = frozenset(self.titled(self.once))
        for caller, callee in self.callbacks if of is everything else []:
            for source in self.titled(caller):
                self.callees[source].update(self.titled(callee))

    def titled(self, name):
        found = [title for title, label in self.names.items() if re.search(rf"\b{re.escape(name)}\(", label)]
        if not found:
            raise LookupError(f"no function {name} in the call graph")
        return found

    @functools.cache
    def deepest(self, title, telling=False):
        """(bytes, the calls that lead there with the stack of each)."""
        telling = telling or title in self.telling
        below = (0, ())
        for callee in self.callees.get(title, ()):
            if not (telling and callee in self.telling):
                below = max(below, self.deepest(callee, telling))
        own = self.own.get(title, 0)
        return own + below[0], ((own, self.names.get(title, title)),) + below[1]

    def worst(self):
        return max(self.deepest(title) for title, name in self.names.items() if self.of.search(name))
