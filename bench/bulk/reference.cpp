// The limit to measure against: how many prefixes of each of two files overlap one of the other file.
// Whole files in memory, a strict parser, an LSD radix sort of 64-bit keys, one sweep with a stack.
// Prints "LEFT RIGHT MILLISECONDS": the two counts and the time from before parsing to after the sweep.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

static std::string read_file(const char *path) {
  FILE *file = std::fopen(path, "rb");
  if (!file) { std::perror(path); std::exit(2); }
  std::fseek(file, 0, SEEK_END);
  std::string text(static_cast<size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  if (std::fread(&text[0], 1, text.size(), file) != text.size()) std::exit(2);
  std::fclose(file);
  return text;
}

static bool number(const char *&at, const char *end, uint32_t limit, uint32_t &value) {
  if (at == end || *at < '0' || *at > '9') return false;
  const char *start = at;
  value = 0;
  while (at != end && *at >= '0' && *at <= '9') {
    value = value * 10 + static_cast<uint32_t>(*at++ - '0');
    if (value > limit) return false;
  }
  return at - start == 1 || *start != '0';
}

// A key is the network (32 bits), the length (6) and the row among all prefixes (26): sorted, a block stands before those inside it.
static bool parse_line(const char *&at, const char *end, uint64_t row, uint64_t &key) {
  uint32_t network = 0, part = 0, length = 0;
  for (int octet = 0; octet < 4; octet++) {
    if (octet > 0 && (at == end || *at++ != '.')) return false;
    if (!number(at, end, 255, part)) return false;
    network = network << 8 | part;
  }
  if (at == end || *at++ != '/' || !number(at, end, 32, length)) return false;
  if (length < 32 && (network & (0xffffffffu >> length)) != 0) return false;
  if (at != end && *at++ != '\n') return false;
  key = static_cast<uint64_t>(network) << 32 | static_cast<uint64_t>(length) << 26 | row;
  return true;
}

static void parse(const std::string &text, std::vector<uint64_t> &keys) {
  const char *at = text.data(), *end = at + text.size();
  uint64_t key = 0;
  while (at != end) {
    if (!parse_line(at, end, keys.size(), key)) { std::fprintf(stderr, "bad line\n"); std::exit(1); }
    keys.push_back(key);
  }
}

static void radix_sort(std::vector<uint64_t> &keys) {
  const int passes = 4, first_bit = 26, bits = 10;
  const size_t buckets = size_t{1} << bits;
  std::vector<uint32_t> counts(passes * buckets);
  for (uint64_t key : keys)
    for (int pass = 0; pass < passes; pass++) counts[pass * buckets + (key >> (first_bit + bits * pass) & (buckets - 1))]++;
  std::vector<uint64_t> other(keys.size());
  for (int pass = 0; pass < passes; pass++) {
    uint32_t *count = &counts[pass * buckets], sum = 0;
    for (size_t bucket = 0; bucket < buckets; bucket++) { uint32_t size = count[bucket]; count[bucket] = sum; sum += size; }
    for (uint64_t key : keys) other[count[key >> (first_bit + bits * pass) & (buckets - 1)]++] = key;
    keys.swap(other);
  }
}

struct Open { uint64_t last; uint32_t row; int side; int inner; };

static void sweep(const std::vector<uint64_t> &keys, size_t left, std::vector<uint8_t> &flags) {
  // Sides as bits: 1 left, 2 right. `outer` of an open block: the sides of it and of all around it; `inner`: of what is inside it.
  std::vector<Open> open;
  std::vector<int> outer;
  auto close = [&] {
    Open top = open.back();
    open.pop_back();
    outer.pop_back();
    if (top.inner & ~top.side) flags[top.row] = 1;
    if (!open.empty()) open.back().inner |= top.inner | top.side;
  };
  for (uint64_t key : keys) {
    uint64_t network = key >> 32;
    uint32_t length = key >> 26 & 63, row = key & ((1u << 26) - 1);
    int side = row < left ? 1 : 2;
    while (!open.empty() && open.back().last < network) close();
    int around = open.empty() ? 0 : outer.back();
    if (around & ~side) flags[row] = 1;
    open.push_back({network + (uint64_t{1} << (32 - length)) - 1, row, side, 0});
    outer.push_back(around | side);
  }
  while (!open.empty()) close();
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  std::string texts[2] = {read_file(argv[1]), read_file(argv[2])};
  auto start = std::chrono::steady_clock::now();
  std::vector<uint64_t> keys;
  parse(texts[0], keys);
  size_t left = keys.size();
  parse(texts[1], keys);
  radix_sort(keys);
  std::vector<uint8_t> flags(keys.size());
  sweep(keys, left, flags);
  size_t counts[2] = {0, 0};
  for (size_t row = 0; row < flags.size(); row++) counts[row >= left] += flags[row];
  std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  std::printf("%zu %zu %.1f\n", counts[0], counts[1], time.count());
}
