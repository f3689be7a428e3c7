# SPDX-License-Identifier: MIT
"""The deepest stack that calls of the library take: the compiler says how much each function needs, and the
image who calls whom, and where a tail call takes the caller's stack away first."""
import functools
import pathlib
import re

# The calls that take and give memory, without what observes them; and all calls, with the library's observer.
calls = re.compile(r"millpond::(StaticMemoryManager<.*>::(allocate|deallocate|tryDeallocate|freeFrom)|BlockPool::|RunPool::|"
                   r"ManagerCore::(allocate|deallocate|free|dropHolding|shareHolding)|Buffer::|SharedBuffer::)")
everything = re.compile("millpond::")


root = pathlib.Path(__file__).resolve().parents[3]


def graphs(directory):
    """{source file: {function: bytes of stack}}, as the compiler wrote them beside the objects, of which some may be
    left from sources that are gone."""
    found = {}
    sources = {source.name for part in ("src", "tests/target") for source in (root / part).rglob("*.cpp")}
    for graph in directory.rglob("*.ci"):
        if graph.stem not in sources:
            continue
        own = found.setdefault(graph.stem, {})
        for title, stack, kind in re.findall(
                r'node: \{ title: "(?:[^"]*:)?([^":]*)" label: "[^"]*\\n(\d+) bytes \((\w+)', graph.read_text()):
            if kind != "static":
                raise LookupError(f"{title} takes stack that the compiler cannot bound")
            own[title] = int(stack)
    return found


def frames(directories):
    """{function: bytes of stack} of all sources."""
    found = {}
    for directory in directories:
        for own in graphs(directory).values():
            for title, stack in own.items():
                found[title] = max(stack, found.get(title, 0))
    return found


def unused(image, directory):
    """The sources of which the image has nothing."""
    names = {function.name for function in image.functions}
    return [source for source, own in graphs(directory).items() if own and not names & own.keys()]


class Stack:
    # Who of the library calls whom through a pointer ...
    pointers = [
        (r"(PoolState::start|ManagerCore::(start|handOver|reacquire)|StaticMemoryManager<.*>::StaticMemoryManager)\(", r"GuardSteps::fillPoison\("),
        (r"GuardSteps::(check|free)\w+\(|ManagerCore::(breach|validate)|PoolState::breachAt", r"guard::first\w*Breach"),
        (r"ManagerCore::(finish|allocateSlow|allocateWaiting|waitAndFinish)\(", r"GuardSteps::(seal|takePoisoned)\("),
        (r"ManagerCore::(free\w+|dropHolding)\(", r"GuardSteps::free"),
        (r"ManagerCore::(endRest|takeRested|allocateSlow|allocateWaiting|waitAndFinish|releaseIdlePools)\(", r"GuardSteps::endRest\("),
    ]
    # ... except the observer, only in the second figure ...
    observer = [(r"ManagerCore::tell\(", r"Pressure::onMemoryEvent\("),
                (r"ManagerCore::tellMoved\(", r"Pressure::onMemoryMoved\(")]
    # ... and who calls what an application or a heap brings, which is not counted.
    outside = re.compile(r"millpond::(HeapFallback::(take|fill|allocate|deallocate|giveBack|releaseFreed)|"
                         r"ManagerCore::(tell|tellMoved|reacquire|releaseRegion|reacquirePools|releaseIdlePools|abandonPools)|"
                         r"Pressure::(measure|evaluate|look|poll|run|reclaim|releasePools|reacquirePools)|EventBus::dispatch)\(")
    # What is not under way twice on one stack: who evaluates finds that somebody does, and returns; and
    # what an observer does is correct, ...
    once = ["millpond::Pressure::evaluate(", "millpond::ManagerCore::tell("]
    # ... while what is wrong with an event's own payload is not told.
    silent = "millpond::ManagerCore::freePayload("

    def __init__(self, image, directories, of):
        self.image, self.of = image, of
        self.own = frames(directories)
        self.names = image.reading([f.name for f in image.functions if f.name in self.own])
        self.entries = {f.code[0].address: f.name for f in image.functions if f.code and f.name in self.names}
        self.callees = {f.name: set(self.called(f)) for f in image.functions if f.name in self.names}
        self.single = {name: begin for begin in self.once for name in self.named(begin)}
        self.single.update({name: self.once[-1] for name in self.named(self.silent)})
        for caller, callee in self.pointers + (self.observer if of is everything else []):
            for name in self.found(caller):
                self.callees[name].update((other, self.ends_in_pointer(name)) for other in self.found(callee))
        known = {name for caller, _ in self.pointers for name in self.found(caller)}
        for function in self.image.functions:
            reading = self.names.get(function.name, "")
            if function.name in known or self.outside.match(reading) or not everything.match(reading):
                continue
            if self.indirect(function):
                raise LookupError(f"{reading} calls through a pointer, nobody knows whom")

    def named(self, begin):
        return [name for name, reading in self.names.items() if reading.startswith(begin)]

    def indirect(self, function):
        return [instruction for instruction in function.code if self.image.is_a("indirect", instruction)]

    def ends_in_pointer(self, name):
        """Whether the function calls through a pointer in the last place only."""
        function = next(function for function in self.image.functions if function.name == name)
        return all(self.image.is_a("leave", instruction) for instruction in self.indirect(function))

    def found(self, pattern):
        return [name for name, reading in self.names.items() if re.match("millpond::(" + pattern + ")", reading)]

    def called(self, function):
        """(function, whether the caller's stack is gone by then)."""
        for instruction in function.code:
            callee = self.entries.get(instruction.target)
            if callee is None:
                continue
            if self.image.is_a("call", instruction):
                yield callee, False
            elif callee != function.name:
                yield callee, True

    @functools.cache
    def deepest(self, name, under_way=frozenset()):
        """(bytes, the calls that lead there with the stack of each)."""
        own = self.own[name]
        worst = (own, ())
        single = self.single.get(name)
        if single not in under_way:
            under_way = under_way | ({single} if single else set())
            for callee, last in self.callees[name]:
                below, way = self.deepest(callee, under_way)
                worst = max(worst, (below if last else own + below, way))
        return worst[0], ((own, self.names[name]),) + worst[1]

    def worst(self):
        return max(self.deepest(name) for name, reading in self.names.items() if self.of.search(reading))
