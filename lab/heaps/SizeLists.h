// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace millpond::lab {

/// The lists of free blocks of a two-level segregated fit, each for a range of sizes, the last freed first.
/// The first level divides sizes by powers of two, the second each of these into equal parts. A bitmap per
/// level says which lists have blocks. Sizes too small for that have a list each, all in the first row.
///
/// A block is named by its offset in the heap's memory, and has two words there for its place in a list.
class SizeLists {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Shape {
    std::uint32_t rows;
    std::uint32_t second_bits;     // 2^second_bits lists a row
    std::uint32_t alignment_bits;  // sizes are multiples of 2^alignment_bits
  };

  explicit SizeLists(const Shape& shape)
      : shape_(shape), second_maps_(shape.rows), heads_(shape.rows << shape.second_bits, none) {}

  /// Effect: has the two words of the block at each offset lie that far behind `links`.
  void setLinks(std::byte* links) { links_ = links; }

  /// Returns: the least size from `bytes` up with which a list begins, so that every block there fits.
  std::uint32_t roundedUp(std::uint32_t bytes) const {
    if (bytes < smallLimit()) return bytes;
    const std::uint32_t part = partOf(bytes);
    return (bytes + part - 1) & ~(part - 1);
  }

  /// Returns: the largest size down from `bytes` with which a list begins.
  std::uint32_t roundedDown(std::uint32_t bytes) const {
    return bytes < smallLimit() ? bytes : bytes & ~(partOf(bytes) - 1);
  }

  /// Returns: the first block of the first list that is not empty, from the list of `bytes` up; or `none`.
  std::uint32_t find(std::uint32_t bytes) const;

  void insert(std::uint32_t offset, std::uint32_t bytes);
  void remove(std::uint32_t offset, std::uint32_t bytes);

  /// Effect: calls `visit(offset)` for each block.
  template <class Visitor>
  void forEach(Visitor visit) const {
    for (std::uint32_t row = 0; row < shape_.rows; ++row) {
      for (std::uint32_t map = second_maps_[row]; map != 0; map &= map - 1) {
        std::uint32_t offset = heads_[headIndex({row, static_cast<std::uint32_t>(std::countr_zero(map))})];
        for (; offset != none; offset = at(offset).next) visit(offset);
      }
    }
  }

  /// Whether the lists have exactly `blocks` blocks, each in the list of the size that `sizeOf(offset)` says
  /// (0: it may not be in a list), and the bitmaps say which lists are not empty.
  template <class SizeOf>
  bool isSound(std::size_t blocks, SizeOf sizeOf) const;

 private:
  struct List {
    std::uint32_t row;
    std::uint32_t column;
  };
  struct Link {
    std::uint32_t next;
    std::uint32_t previous;
  };

  std::uint32_t smallLimit() const { return 1U << (shape_.second_bits + shape_.alignment_bits); }
  // The range of sizes of the list that has `bytes`.
  std::uint32_t partOf(std::uint32_t bytes) const { return std::bit_floor(bytes) >> shape_.second_bits; }
  List listOf(std::uint32_t bytes) const {
    if (bytes < smallLimit()) return {0, bytes >> shape_.alignment_bits};
    const auto power = static_cast<std::uint32_t>(std::bit_width(bytes)) - 1;
    return {power - shape_.second_bits - shape_.alignment_bits + 1,
            (bytes >> (power - shape_.second_bits)) - (1U << shape_.second_bits)};
  }
  std::uint32_t headIndex(List list) const { return (list.row << shape_.second_bits) + list.column; }
  Link& at(std::uint32_t offset) const { return *reinterpret_cast<Link*>(links_ + offset); }

  Shape shape_;
  std::byte* links_ = nullptr;
  std::uint32_t first_map_ = 0;
  std::vector<std::uint32_t> second_maps_;
  std::vector<std::uint32_t> heads_;
};

template <class SizeOf>
bool SizeLists::isSound(std::size_t blocks, SizeOf sizeOf) const {
  for (std::uint32_t row = 0; row < shape_.rows; ++row) {
    if (((first_map_ >> row & 1U) != 0) != (second_maps_[row] != 0)) return false;
    for (std::uint32_t column = 0; column < 1U << shape_.second_bits; ++column) {
      std::uint32_t offset = heads_[headIndex({row, column})];
      if (((second_maps_[row] >> column & 1U) != 0) != (offset != none)) return false;
      for (std::uint32_t previous = none; offset != none; previous = offset, offset = at(offset).next) {
        const std::uint32_t bytes = sizeOf(offset);
        const List own = listOf(bytes);
        const bool sane = bytes != 0 && at(offset).previous == previous && own.row == row &&
                          own.column == column && blocks-- != 0;
        if (!sane) return false;
      }
    }
  }
  return blocks == 0;
}

}  // namespace millpond::lab
