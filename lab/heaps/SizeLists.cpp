// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/heaps/SizeLists.h"

#include <new>

namespace millpond::lab {

std::uint32_t SizeLists::find(std::uint32_t bytes) const {
  const List list = listOf(bytes);
  if (list.row >= shape_.rows) return none;
  const std::uint32_t in_row = second_maps_[list.row] & (~0U << list.column);
  if (in_row != 0) return heads_[headIndex({list.row, static_cast<std::uint32_t>(std::countr_zero(in_row))})];
  const std::uint32_t above = first_map_ & (~0U << (list.row + 1));
  if (above == 0) return none;
  const auto row = static_cast<std::uint32_t>(std::countr_zero(above));
  return heads_[headIndex({row, static_cast<std::uint32_t>(std::countr_zero(second_maps_[row]))})];
}

void SizeLists::insert(std::uint32_t offset, std::uint32_t bytes) {
  const List list = listOf(bytes);
  std::uint32_t& head = heads_[headIndex(list)];
  new (links_ + offset) Link{head, none};
  if (head != none) at(head).previous = offset;
  head = offset;
  first_map_ |= 1U << list.row;
  second_maps_[list.row] |= 1U << list.column;
}

void SizeLists::remove(std::uint32_t offset, std::uint32_t bytes) {
  const Link link = at(offset);
  if (link.next != none) at(link.next).previous = link.previous;
  if (link.previous != none) {
    at(link.previous).next = link.next;
    return;
  }
  const List list = listOf(bytes);
  heads_[headIndex(list)] = link.next;
  if (link.next != none) return;
  second_maps_[list.row] &= ~(1U << list.column);
  if (second_maps_[list.row] == 0) first_map_ &= ~(1U << list.row);
}

}  // namespace millpond::lab
