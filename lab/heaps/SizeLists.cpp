// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/heaps/SizeLists.h"

#include <new>

namespace millpond::lab {

std::uint32_t SizeLists::find(std::uint32_t bytes) const {
  const Place place = placeOf(bytes);
  if (place.row >= shape_.rows) return none;
  const std::uint32_t in_row = second_maps_[place.row] & (~0U << place.column);
  if (in_row != 0)
    return heads_[headIndex({place.row, static_cast<std::uint32_t>(std::countr_zero(in_row))})];
  const std::uint32_t above = first_map_ & (~0U << (place.row + 1));
  if (above == 0) return none;
  const auto row = static_cast<std::uint32_t>(std::countr_zero(above));
  return heads_[headIndex({row, static_cast<std::uint32_t>(std::countr_zero(second_maps_[row]))})];
}

void SizeLists::insert(std::uint32_t offset, std::uint32_t bytes) {
  const Place place = placeOf(bytes);
  std::uint32_t& head = heads_[headIndex(place)];
  new (links_ + offset) Link{head, none};
  if (head != none) at(head).previous = offset;
  head = offset;
  first_map_ |= 1U << place.row;
  second_maps_[place.row] |= 1U << place.column;
}

void SizeLists::remove(std::uint32_t offset, std::uint32_t bytes) {
  const Link link = at(offset);
  if (link.next != none) at(link.next).previous = link.previous;
  if (link.previous != none) {
    at(link.previous).next = link.next;
    return;
  }
  const Place place = placeOf(bytes);
  heads_[headIndex(place)] = link.next;
  if (link.next != none) return;
  second_maps_[place.row] &= ~(1U << place.column);
  if (second_maps_[place.row] == 0) first_map_ &= ~(1U << place.row);
}

}  // namespace millpond::lab
