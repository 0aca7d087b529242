"""A gRPC service in Python that knows nothing of this project: its contract comes from a descriptor set, its types are
made at run time, and reflection is that of grpcio. Arguments: the descriptor set, the address."""

import sys
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_reflection.v1alpha import reflection

SERVICE = "weather.v1.Weather"

pool = descriptor_pool.Default()
with open(sys.argv[1], "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        try:
            pool.FindFileByName(proto.name)
        except KeyError:
            pool.Add(proto)

Request = message_factory.GetMessageClass(pool.FindMessageTypeByName("weather.v1.GetForecastRequest"))
Forecast = message_factory.GetMessageClass(pool.FindMessageTypeByName("weather.v1.Forecast"))


def answer(request, context, hour):
    if request.city == "Atlantis":
        context.abort(grpc.StatusCode.NOT_FOUND, "no weather in Atlantis")
    measured = 9007199254740993 + hour
    return Forecast(city=request.city, degrees_celsius=12.5, measured_at_second=measured)


def follow(request, context):
    for hour in (1, 2, 3):
        yield answer(request, context, hour)


def serializers():
    return {
        "request_deserializer": Request.FromString,
        "response_serializer": Forecast.SerializeToString,
    }


server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
handlers = {
    "GetForecast": grpc.unary_unary_rpc_method_handler(
        lambda request, context: answer(request, context, 0), **serializers()
    ),
    "FollowForecast": grpc.unary_stream_rpc_method_handler(follow, **serializers()),
}
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
reflection.enable_server_reflection((SERVICE, reflection.SERVICE_NAME), server)
host, _ = sys.argv[2].rsplit(":", 1)
port = server.add_insecure_port(sys.argv[2])
server.start()
print("listening", f"{host}:{port}", flush=True)
server.wait_for_termination()
