"""Asks a check port by the C core of gRPC, in every way that a client may. What to ask comes as JSON on standard input, what
was answered goes as JSON to standard output: messages as hexadecimal digits as they came, refusals as the name of their status."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

asked = json.load(sys.stdin)
sys.path[:0] = asked["protos"]
# The protos of reflection lie in a folder that has the library's own name.
grpc.__path__ += [f"{folder}/grpc" for folder in asked["protos"]]
auth, _ = grpc.protos_and_services("envoy/service/auth/v3/external_auth.proto")
health, health_services = grpc.protos_and_services("health/v1/health.proto")

CHECK = "/envoy.service.auth.v3.Authorization/Check"
AT_ONCE = 64
CANCELLED = 200
SECONDS = 60
checks = [bytes.fromhex(each) for each in asked["checks"]]
shortest, longest = min(checks, key=len, default=b""), max(checks, key=len, default=b"")


def read_pem(name):
    with open(asked["tls"][name], "rb") as file:
        return file.read()


def open_channel():
    # As many connections as channels, and no proxy of this machine's between.
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0), ("grpc.max_send_message_length", -1)]
    if asked.get("tls") is None:
        return grpc.insecure_channel(asked["target"], options)
    shown = [read_pem(name) for name in ("key", "cert")] if "cert" in asked["tls"] else [None, None]
    return grpc.secure_channel(asked["target"], grpc.ssl_channel_credentials(read_pem("ca"), *shown), options)


def method(channel):
    """Bytes in, bytes out."""
    return channel.unary_unary(CHECK)


def outcome(call):
    """What the call came to: the message that it gives, or its status."""
    try:
        message = call()
    except grpc.RpcError as fault:
        return fault.code().name
    # The library of Google's own must find every field that the proto has, and none besides.
    read = auth.CheckResponse.FromString(message)
    strange = len(message) - len(read.SerializeToString(deterministic=False))
    return message.hex() if strange == 0 else f"{strange} bytes that the proto does not have"


def one_by_one(channel):
    return [outcome(lambda: method(channel)(each, timeout=SECONDS)) for each in checks]


def at_once(channel):
    """Many calls under way on one connection, and as many threads as there are."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda each: outcome(lambda: method(channel)(each, timeout=SECONDS)), checks))


def with_deadlines(channel):
    """Deadlines in each unit that the core writes them in."""
    return [outcome(lambda: method(channel)(shortest, timeout=each)) for each in (9.5, 59.25, 3600, 100_000, 10_000_000)]


def cancelled(channel):
    """Calls that their caller gives up at once or after the half of them has gone; then one that it does not."""
    for round in range(CANCELLED // 20):
        calls = [method(channel).future(each, timeout=SECONDS) for each in (checks * 20)[round : round + 20]]
        if round % 2 == 1:
            calls[9].exception()
        for call in calls:
            call.cancel()
    return outcome(lambda: method(channel)(shortest, timeout=SECONDS))


def with_metadata(channel):
    """As much metadata as is taken, in one value and in many, in binary too; then too much, and what comes after it."""
    one = [("x-large", "m" * 12_000)]
    many = [(f"x-field-{n}", f"value {n}") for n in range(150)]
    binary = [("x-bytes-bin", bytes(range(256)) * 16)]
    taken = [outcome(lambda: method(channel)(shortest, timeout=SECONDS, metadata=each)) for each in (one, many, binary)]
    too_much = [("x-large", "m" * 24_000)]
    refused = outcome(lambda: method(channel)(shortest, timeout=SECONDS, metadata=too_much))
    return {"taken": taken, "refused": refused, "after": outcome(lambda: method(channel)(shortest, timeout=SECONDS))}


def others(channel):
    """What is refused, each by its status."""
    packed = lambda: channel.unary_unary(CHECK)(longest, timeout=SECONDS, compression=grpc.Compression.Gzip)
    unknown = lambda: channel.unary_unary("/envoy.service.auth.v3.Authorization/Other")(b"", timeout=SECONDS)
    too_long = lambda: method(channel)(bytes(asked["too_long"]), timeout=SECONDS)
    return {"packed": outcome(packed), "unknown": outcome(unknown), "too_long": outcome(too_long)}


def health_of(channel, service):
    try:
        status = health_services.HealthStub(channel).Check(health.HealthCheckRequest(service=service), timeout=SECONDS).status
        return health.HealthCheckResponse.ServingStatus.Name(status)
    except grpc.RpcError as fault:
        return fault.code().name


def reflect(channel, version):
    reflection, services = grpc.protos_and_services(f"grpc/reflection/{version}/reflection.proto")
    request = reflection.ServerReflectionRequest
    asks = [request(list_services=""), request(file_containing_symbol="envoy.service.auth.v3.Authorization")]
    try:
        answers = services.ServerReflectionStub(channel).ServerReflectionInfo(iter(asks), timeout=SECONDS)
        listed, found = answers
    except grpc.RpcError as fault:
        return fault.code().name
    names = sorted(each.name for each in listed.list_services_response.service)
    return names + [len(found.file_descriptor_response.file_descriptor_proto)]


def watch(channel):
    """Says each status on a line of its own as it comes, and at last how it ended."""
    try:
        for answer in health_services.HealthStub(channel).Watch(health.HealthCheckRequest(service=asked["watch"])):
            print(health.HealthCheckResponse.ServingStatus.Name(answer.status), flush=True)
        print("OK")
    except grpc.RpcError as fault:
        print(fault.code().name)


def ask_all(channel):
    return {
        "one_by_one": one_by_one(channel),
        "at_once": at_once(channel),
        "deadlines": with_deadlines(channel),
        "cancelled": cancelled(channel),
        "metadata": with_metadata(channel),
        "others": others(channel),
        "health": [health_of(channel, name) for name in ("", "envoy.service.auth.v3.Authorization", "other")],
        "reflection": [reflect(channel, version) for version in ("v1", "v1alpha")],
    }


with open_channel() as opened:
    if "watch" in asked:
        watch(opened)
    else:
        json.dump(ask_all(opened), sys.stdout)
