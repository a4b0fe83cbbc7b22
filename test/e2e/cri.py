# SPDX-License-Identifier: Apache-2.0
"""A client for the CRI service of containerd, as far as a pod with one container needs it.

The messages are written by hand: k8s.io/cri-api/pkg/apis/runtime/v1/api.proto has the numbers."""

import grpc

SECONDS = 60


def varint(number):
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(out)


def message(fields):
    """Bytes of a message from {number: value}: text, bytes (a message), a number, a map of texts, or
    a list of those."""
    out = b""
    for number, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                for key, text in one.items():
                    out += field(number, message({1: key, 2: text}))
            else:
                out += field(number, one)
    return out


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def first_text(data, wanted):
    """The first field of that number, which must be a text, in a message of texts and messages."""
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        size, at = read_varint(data, at)
        if tag >> 3 == wanted:
            return data[at:at + size].decode()
        at += size
    return ""


def read_varint(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at


class Client:
    def __init__(self, socket):
        self._channel = grpc.insecure_channel(f"unix://{socket}")

    def call(self, method, request):
        stub = self._channel.unary_unary(f"/runtime.v1.RuntimeService/{method}")
        return stub(request, timeout=SECONDS)

    def run_pod(self, name, namespace, uid, labels, log_folder, image, command, container, mounts=()):
        """Starts a pod on the host's network with one container; their ids."""
        node = 2  # NamespaceMode NODE
        config = message({1: message({1: name, 2: uid, 3: namespace, 4: 1}), 3: log_folder,
                          6: labels,
                          8: message({2: message({1: message({1: node})})})})
        pod = first_text(self.call("RunPodSandbox", message({1: config})), 1)
        spec = message({1: message({1: container}), 2: message({1: image}), 3: list(command),
                        7: [message({1: inner, 2: outer, 3: 1}) for outer, inner in mounts],
                        9: {"io.kubernetes.container.name": container,
                            "io.kubernetes.pod.name": name,
                            "io.kubernetes.pod.namespace": namespace,
                            "io.kubernetes.pod.uid": uid},
                        15: message({2: message({3: message({1: node})})})})
        made = first_text(self.call("CreateContainer", message({1: pod, 2: spec, 3: config})), 1)
        self.call("StartContainer", message({1: made}))
        return pod, made

    def exec(self, container, command):
        return self.call("ExecSync", message({1: container, 2: list(command), 3: SECONDS}))

    def remove_pod(self, pod):
        self.call("StopPodSandbox", message({1: pod}))
        self.call("RemovePodSandbox", message({1: pod}))
