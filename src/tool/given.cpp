// SPDX-License-Identifier: Apache-2.0
#include "tool/given.h"

#include <algorithm>

namespace saker::tool {

namespace {

using field::FieldInfo;

field::Values extract(const field::FieldUse& use, const field::Context& context);

struct Fields {
    std::vector<FieldInfo> infos;
    field::Registry registry;

    Fields() : infos(copy()), registry(field::Registry(infos).with_any_static()) {}

    static std::vector<FieldInfo> copy() {
        const auto native = field::Registry::native().fields();
        std::vector<FieldInfo> infos(native.begin(), native.end());
        for (FieldInfo& info : infos) info.extract = extract;
        return infos;
    }
};

const Fields& fields() {
    static const Fields all;
    return all;
}

field::Values extract(const field::FieldUse& use, const field::Context& context) {
    const auto& given = static_cast<const GivenContext&>(context).given;
    if (const auto* values = given.find(use)) return *values;
    field::FieldUse native = use;
    native.info = &field::Registry::native().fields()[use.info - fields().infos.data()];
    return native.info->extract(native, context);
}

}  // namespace

void GivenValues::set(const field::FieldUse& use, std::vector<field::Value> values) {
    values_[{use.info, use.argument}] = std::move(values);
}

const std::vector<field::Value>* GivenValues::find(const field::FieldUse& use) const {
    const auto found = values_.find({use.info, use.argument});
    return found == values_.end() ? nullptr : &found->second;
}

const field::Registry& given_fields() {
    return fields().registry;
}

}  // namespace saker::tool
