# SPDX-License-Identifier: MIT
"""The longest ways through an image's code from where interrupts are masked to where they no longer are."""
import functools
import re

# Of a way through code: a loop, or a call to nobody knows where. And the depth of masks in a call.
endless = float("inf")
in_call = 1000

# Which part of an image is the library's: all in its namespace except the clock, which the board gives.
library = re.compile(r"_ZN?K?8millpond(?!4port11boardMicros)")


class Masked:
    def __init__(self, image):
        self.image = image
        self.under_way = set()

    def stretches(self):
        """(instructions up to and including the one that unmasks, function) for each place that masks."""
        for function in self.image.functions:
            if not library.match(function.name):
                continue
            for number, instruction in enumerate(function.code):
                if self.image.is_a("mask", instruction):
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
        function, number = self.image.at(address)
        instruction = function.code[number]
        following = function.code[number + 1].address if number + 1 < len(function.code) else None
        if self.image.is_a("unmask", instruction):
            return 1 if depth == 1 else 1 + self.rest(following, depth - 1)
        if self.image.is_a("mask", instruction):
            return 1 + self.rest(following, depth + 1)
        if self.image.is_a("leave", instruction):
            return 1
        if self.image.is_a("call", instruction):
            # A call restores the mask that it found, so it lasts until it returns.
            callee = endless if instruction.target is None else self.rest(instruction.target, in_call)
            return endless if callee == endless else 1 + callee + self.rest(following, depth)
        if self.image.is_a("jump", instruction):
            return 1 + self.rest(instruction.target, depth)
        if self.image.is_a("branch", instruction):
            # While interrupts are masked nothing ends a core's reservation, so it is not tried again.
            if any(i.text.startswith("strex") for i in function.code[max(0, number - 3):number]):
                return 1 + self.rest(following, depth)
            return 1 + max(self.rest(instruction.target, depth), self.rest(following, depth))
        return 1 + self.rest(following, depth)
