// A gRPC service in Go that knows nothing of this project: its contract comes from a descriptor set, its types are made
// at run time, and reflection and health are those of grpc-go. Arguments: the descriptor set, the address.
package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(must(os.ReadFile(os.Args[1])), &set); err != nil {
		panic(err)
	}
	var weather protoreflect.ServiceDescriptor
	for _, file := range set.File {
		if _, err := protoregistry.GlobalFiles.FindFileByPath(file.GetName()); err == nil {
			continue
		}
		descriptor := must(protodesc.NewFile(file, protoregistry.GlobalFiles))
		if err := protoregistry.GlobalFiles.RegisterFile(descriptor); err != nil {
			panic(err)
		}
		if descriptor.Services().Len() > 0 {
			weather = descriptor.Services().Get(0)
		}
	}
	server := grpc.NewServer()
	server.RegisterService(describe(weather), nil)
	healthpb.RegisterHealthServer(server, health.NewServer())
	reflection.Register(server)
	listener := must(net.Listen("tcp", os.Args[2]))
	fmt.Println("listening", listener.Addr())
	if err := server.Serve(listener); err != nil {
		panic(err)
	}
}

func describe(service protoreflect.ServiceDescriptor) *grpc.ServiceDesc {
	forecast := service.Methods().ByName("GetForecast")
	follow := service.Methods().ByName("FollowForecast")
	return &grpc.ServiceDesc{
		ServiceName: string(service.FullName()),
		Methods: []grpc.MethodDesc{{
			MethodName: "GetForecast",
			Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
				request := dynamicpb.NewMessage(forecast.Input())
				if err := decode(request); err != nil {
					return nil, err
				}
				return answer(forecast, text(request, "city"), 0)
			},
		}},
		Streams: []grpc.StreamDesc{{
			StreamName:    "FollowForecast",
			ServerStreams: true,
			Handler: func(_ any, stream grpc.ServerStream) error {
				request := dynamicpb.NewMessage(follow.Input())
				if err := stream.RecvMsg(request); err != nil {
					return err
				}
				for hour := int64(1); hour <= 3; hour++ {
					reply, err := answer(follow, text(request, "city"), hour)
					if err != nil {
						return err
					}
					if err := stream.SendMsg(reply); err != nil {
						return err
					}
				}
				return nil
			},
		}},
		Metadata: service.ParentFile().Path(),
	}
}

func text(message *dynamicpb.Message, field protoreflect.Name) string {
	return message.Get(message.Descriptor().Fields().ByName(field)).String()
}

func answer(method protoreflect.MethodDescriptor, city string, hour int64) (proto.Message, error) {
	if city == "Atlantis" {
		return nil, status.Error(codes.NotFound, "no weather in Atlantis")
	}
	reply := dynamicpb.NewMessage(method.Output())
	fields := method.Output().Fields()
	reply.Set(fields.ByName("city"), protoreflect.ValueOfString(city))
	reply.Set(fields.ByName("degrees_celsius"), protoreflect.ValueOfFloat64(12.5))
	reply.Set(fields.ByName("measured_at_second"), protoreflect.ValueOfInt64(9007199254740993+hour))
	return reply, nil
}
