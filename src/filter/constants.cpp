// SPDX-License-Identifier: Apache-2.0
#include "filter/constants.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <charconv>
#include <cstring>
#include <limits>

namespace saker::filter {
namespace {

using field::ValueType;

// The whole text as a number, in C's notation without octal.
template <typename Number>
bool read_integer(std::string_view text, Number& number) {
    if (text.starts_with('+')) text.remove_prefix(1);
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    }
    if (text.starts_with('-') && base == 16) return false;
    const auto [stop, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && stop == text.end() && !text.empty();
}

std::optional<std::string> complain(const Constant& constant, std::string_view what) {
    return "'" + constant.text + "' is not " + std::string(what);
}

std::optional<std::string> parse_text(Constant&) {
    return std::nullopt;
}

std::optional<std::string> parse_int(Constant& constant) {
    if (read_integer(constant.text, constant.integer)) return std::nullopt;
    return complain(constant, "a valid number");
}

std::optional<std::string> parse_uint(Constant& constant) {
    if (read_integer(constant.text, constant.number)) return std::nullopt;
    return complain(constant, "a valid unsigned number");
}

std::optional<std::string> parse_double(Constant& constant) {
    std::uint64_t integer = 0;
    if (read_integer(constant.text, integer)) {
        constant.real = static_cast<double>(integer);
        return std::nullopt;
    }
    std::string_view text = constant.text;
    if (text.starts_with('+')) text.remove_prefix(1);
    double real = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), real);
    // from_chars also knows "inf" and "nan", which no field is ever compared with.
    const bool starts_as_number = text.find_first_of("0123456789") < 2;
    if (error != std::errc{} || stop != text.end() || !starts_as_number) {
        return complain(constant, "a valid decimal number");
    }
    constant.real = real;
    return std::nullopt;
}

std::optional<std::string> parse_bool(Constant& constant) {
    constant.number = constant.text == "true" ? 1 : 0;
    if (constant.text == "true" || constant.text == "false") return std::nullopt;
    return complain(constant, "'true' or 'false'");
}

std::optional<std::string> parse_port(Constant& constant) {
    if (read_integer(constant.text, constant.number) && constant.number <= UINT16_MAX) {
        return std::nullopt;
    }
    const servent* service = getservbyname(constant.text.c_str(), nullptr);
    if (service == nullptr) return complain(constant, "a port number or the name of a service");
    constant.number = ntohs(static_cast<std::uint16_t>(service->s_port));
    return std::nullopt;
}

// An address, or with `/` a network. A colon makes it IPv6.
bool read_address(std::string_view text, Constant& constant) {
    const std::string address(text.substr(0, text.find('/')));
    field::IpAddress& ip = constant.ip;
    ip = {};
    ip.v6 = address.find(':') != std::string::npos;
    const unsigned width = ip.v6 ? 128 : 32;
    std::uint8_t* bytes = ip.v6 ? ip.bytes.data() : ip.bytes.data() + 12;
    if (!ip.v6) ip.bytes[10] = ip.bytes[11] = 0xff;
    if (inet_pton(ip.v6 ? AF_INET6 : AF_INET, address.c_str(), bytes) != 1) return false;
    unsigned length = width;
    if (address.size() < text.size()) {
        const std::string_view digits = text.substr(address.size() + 1);
        if (digits.starts_with("0x") || !read_integer(digits, length) || length > width) {
            return false;
        }
    }
    constant.prefix_bits = static_cast<std::uint8_t>(128 - width + length);
    return true;
}

// A network where an address is expected means its members: nobody writes
// `fd.sip = 10.0.0.0/8` for anything else.
std::optional<std::string> parse_ip(Constant& constant) {
    if (read_address(constant.text, constant)) return std::nullopt;
    return complain(constant, "a valid IP address");
}

std::optional<std::string> parse_net(Constant& constant) {
    const bool length = constant.text.find('/') != std::string::npos;
    if (length && read_address(constant.text, constant)) return std::nullopt;
    return complain(constant, "a valid network, as in 192.168.0.0/16");
}

using Parse = std::optional<std::string> (*)(Constant&);

// In the order of ValueType.
constexpr Parse kParsers[] = {parse_text,   parse_text, parse_int,  parse_uint,
                              parse_double, parse_bool, parse_text, parse_port,
                              parse_ip,     parse_net,  parse_uint, parse_uint};

}  // namespace

std::optional<std::string> parse_constant(Constant& constant, ValueType type) {
    return kParsers[static_cast<std::size_t>(type)](constant);
}

std::optional<std::string> decode_hex(std::string_view digits) {
    if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        unsigned char byte = 0;
        const char* begin = digits.data() + i;
        const auto [stop, error] = std::from_chars(begin, begin + 2, byte, 16);
        if (error != std::errc{} || stop != begin + 2) return std::nullopt;
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

}  // namespace saker::filter
