// SPDX-License-Identifier: Apache-2.0
#include "event/param_value.h"

#include "event/fd.h"
#include "event/name.h"
#include "event/open_call.h"
#include "event/poll.h"
#include "event/raw.h"
#include "event/socket.h"
#include "event/variant.h"

namespace saker::event {
namespace {

bool is_signed(ParamType type) {
    switch (type) {
        case ParamType::kI16:
        case ParamType::kI32:
        case ParamType::kI64:
        case ParamType::kPid:
        case ParamType::kErrno:
        case ParamType::kFd:
        case ParamType::kSignal:
            return true;
        default:
            return false;
    }
}

bool is_bytes(ParamType type) {
    return type == ParamType::kBytes || type == ParamType::kArgs;
}

// The third argument of open and its like.
bool is_open_mode(const Event& event, const ParamInfo& param) {
    return event.info().has(kOpens) && param.name == "mode";
}

RawValue text_value(std::string_view text) {
    return {RawValue::Kind::kText, 0, text};
}

RawValue text_if_any(std::string_view text) {
    return text.empty() ? RawValue() : text_value(text);
}

RawValue bytes_value(Bytes bytes) {
    if (bytes.empty()) return {};
    return {RawValue::Kind::kBytes, 0, as_text(bytes)};
}

// A capture as it is: which of its forms, the capture's kind and the parameter's type tell.
RawValue slot_value(const Event& event, const ParamInfo& param, std::string& storage) {
    const std::size_t slot = param.source.a;
    if (event.info().captures[slot].kind == SAKER_CAPTURE_PATH) {
        const auto path = raw_path(event, param);
        return path ? text_value(path->asked) : RawValue();
    }
    if (event.is_process_record() || event.capture(slot).empty()) return {};
    if (param.type == ParamType::kSockaddr) {
        storage.clear();
        append_sockaddr(event.capture(slot), storage);
        return text_if_any(storage);
    }
    if (param.type == ParamType::kFdlist) {
        storage.clear();
        append_poll(event.capture(slot), storage);
        return text_if_any(storage);
    }
    if (is_bytes(param.type)) return bytes_value(event.capture(slot));
    return text_value(event.text(slot));
}

// The call may have been tried on what is no socket.
RawValue tuple_value(const Event& event, const ParamInfo& param, std::string& storage) {
    const auto fd = event.fd(param.source.a);
    if (!fd || fd->facts.type < SAKER_FD_INET4 || fd->facts.type > SAKER_FD_UNIX) return {};
    storage.clear();
    append_fd_name(event, param.source.a, storage);
    return text_if_any(storage);
}

RawValue real_path_value(const Event& event, const ParamInfo& param, std::string& storage) {
    const auto fd = event.fd(param.source.a);
    if (!fd) return {};
    storage.resize(walked_bound(fd->rest));
    const auto path = real_path(*fd, storage.data());
    return path ? text_value(*path) : RawValue();
}

RawValue number_value(const Event& event, const ParamInfo& param) {
    if (is_open_mode(event, param)) return {RawValue::Kind::kUnsigned, open_mode(event), {}};
    const auto number = raw_number(event, param);
    if (!number) return {};
    const auto kind = is_signed(param.type) ? RawValue::Kind::kSigned : RawValue::Kind::kUnsigned;
    return {kind, *number, {}};
}

}  // namespace

RawValue raw_value(const Event& event, const ParamInfo& param, Resolver* resolver,
                   std::string& storage) {
    if (!holds(event, param.when)) return {};
    if (param.type == ParamType::kDyn) return variant_value(event, param);
    switch (param.source.kind) {
        case SourceKind::kSlot:
            return slot_value(event, param, storage);
        case SourceKind::kTuple:
            return tuple_value(event, param, storage);
        case SourceKind::kRealPath:
            return real_path_value(event, param, storage);
        case SourceKind::kProc:
            if (resolver == nullptr) return {};
            return resolver->property(event, param.name);
        case SourceKind::kAbsent:
            return {};
        default:
            return number_value(event, param);
    }
}

}  // namespace saker::event
