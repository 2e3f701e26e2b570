// SPDX-License-Identifier: MIT
#include "core/base/compressor.hpp"

#include <zlib.h>
#include <zstd.h>

#include <array>

#include "core/base/error.hpp"
#include "core/base/releaser.hpp"

namespace sluice {
namespace {

constexpr int kGzipLevel = 5;
constexpr int kGzipWindow = 15 + 16;  // + 16: a gzip header and trailer instead of zlib's
constexpr int kGzipMemory = 8;
constexpr int kZstdLevel = 3;
constexpr std::size_t kChunk = 64u << 10;

[[noreturn]] void defect(const std::string& what) {
  throw Error(Kind::internal, "export.compress", what);
}

}  // namespace

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::none:
      return "none";
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
  }
  return "none";
}

std::optional<Compression> parse_compression(std::string_view name) {
  for (const Compression compression : kCompressions) {
    if (name == name_of(compression)) return compression;
  }
  return std::nullopt;
}

std::string_view suffix_of(Compression compression) {
  switch (compression) {
    case Compression::none:
      return "";
    case Compression::gzip:
      return ".gz";
    case Compression::zstd:
      return ".zst";
  }
  return "";
}

struct Compressor::Impl {
  Compression compression;
  bool open = false;  // the member got something
  z_stream zlib{};
  std::unique_ptr<ZSTD_CCtx, Releaser<ZSTD_freeCCtx>> zstd;
  std::array<char, kChunk> chunk;

  explicit Impl(Compression c) : compression(c) {
    if (c == Compression::gzip &&
        deflateInit2(&zlib, kGzipLevel, Z_DEFLATED, kGzipWindow, kGzipMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
      defect("deflateInit2");
    }
    if (c == Compression::zstd) {
      zstd.reset(ZSTD_createCCtx());
      if (!zstd) defect("ZSTD_createCCtx");
      ZSTD_CCtx_setParameter(zstd.get(), ZSTD_c_compressionLevel, kZstdLevel);
      ZSTD_CCtx_setParameter(zstd.get(), ZSTD_c_checksumFlag, 1);
    }
  }
  ~Impl() {
    if (compression == Compression::gzip) deflateEnd(&zlib);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run_gzip(std::string_view bytes, int flush, std::string& out) {
    zlib.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));  // zlib only reads it
    zlib.avail_in = static_cast<uInt>(bytes.size());
    for (;;) {
      zlib.next_out = reinterpret_cast<Bytef*>(chunk.data());
      zlib.avail_out = static_cast<uInt>(chunk.size());
      const int result = deflate(&zlib, flush);
      if (result == Z_STREAM_ERROR) defect("deflate");
      out.append(chunk.data(), chunk.size() - zlib.avail_out);
      if (flush == Z_FINISH ? result == Z_STREAM_END : zlib.avail_out != 0) break;
    }
    if (flush == Z_FINISH) deflateReset(&zlib);
  }

  void run_zstd(std::string_view bytes, ZSTD_EndDirective end, std::string& out) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
      const std::size_t left = ZSTD_compressStream2(zstd.get(), &output, &input, end);
      if (ZSTD_isError(left) != 0) defect(ZSTD_getErrorName(left));
      out.append(chunk.data(), output.pos);
      if (end == ZSTD_e_end ? left == 0 : input.pos == input.size) break;
    }
  }
};

Compressor::Compressor(Compression compression) : impl_(std::make_unique<Impl>(compression)) {}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;

void Compressor::add(std::string_view bytes, std::string& out) {
  if (bytes.empty()) return;
  impl_->open = true;
  switch (impl_->compression) {
    case Compression::none:
      out += bytes;
      break;
    case Compression::gzip:
      impl_->run_gzip(bytes, Z_NO_FLUSH, out);
      break;
    case Compression::zstd:
      impl_->run_zstd(bytes, ZSTD_e_continue, out);
      break;
  }
}

void Compressor::end_member(std::string& out) {
  if (!impl_->open) return;
  impl_->open = false;
  if (impl_->compression == Compression::gzip) impl_->run_gzip({}, Z_FINISH, out);
  if (impl_->compression == Compression::zstd) impl_->run_zstd({}, ZSTD_e_end, out);
}

}  // namespace sluice
