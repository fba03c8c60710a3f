package conformance

import (
	"fmt"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// makeRequest makes one check as an Envoy would send it.
func (m *maker) makeRequest() *auth.CheckRequest {
	called := oneOf(m.Rand, m.site.models()...)
	m.placeAccessKey(called)
	m.placeAPIKey(called)
	if m.odd("caller: gRPC") {
		m.becomeGRPC()
	}
	if m.odd("headers: repeats apart") {
		m.apart = true
		repeated := oneOf(m.Rand, header{"x-model-access-key", called.AccessKey}, header{"x-model-access-key", m.otherModel(called).AccessKey},
			header{"authorization", "Bearer " + oneOf(m.Rand, m.site.APIKeys...).secret})
		m.headers = append(m.headers, repeated, repeated)
	}
	if !m.odd("envoy: no request id") {
		m.set("x-request-id", fmt.Sprintf("request-%x", m.Uint64()))
	}
	if m.odd("headers: forged answers") {
		for _, name := range identityHeaders {
			m.set(name, "forged")
		}
	}
	if m.odd("headers: very many") {
		for i := range 400 {
			m.set(fmt.Sprintf("x-filler-%d", i), textOf(m.Rand, alphanumerics, 60))
		}
	}
	return m.envelope()
}

// becomeGRPC makes the caller one of gRPC: its body is frames, which carry no access key.
func (m *maker) becomeGRPC() {
	for i := range m.headers {
		if m.headers[i].name == "content-type" {
			m.headers[i].value = "application/grpc"
			return
		}
	}
	m.set("content-type", oneOf(m.Rand, "application/grpc", "application/grpc+proto", "application/grpc-web"))
}

func (m *maker) envelope() *auth.CheckRequest {
	http := &auth.AttributeContext_HttpRequest{
		Id: fmt.Sprint(m.Uint64()), Method: "POST", Host: "models.example.com", Scheme: oneOf(m.Rand, "http", "https"),
		Protocol: oneOf(m.Rand, "HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/3"),
		Path:     oneOf(m.Rand, "/model", "/api/altus-ds-1/models/call-model", "/", "/model/accessKey=x"),
		Size:     oneOf(m.Rand, -1, 0, int64(len(m.body))),
	}
	if m.odd("caller: another method") {
		http.Method = oneOf(m.Rand, "GET", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE")
	}
	if m.odd("envoy: no path") {
		http.Path = ""
	}
	m.writeQuery(http)
	m.writeBody(http)
	m.writeHeaders(http)
	attributes := &auth.AttributeContext{
		Request: &auth.AttributeContext_Request{Time: timestamppb.Now(), Http: http},
	}
	if m.pin != "" {
		attributes.ContextExtensions = map[string]string{"modelgate_model": m.pin, "other": "x"}
	}
	m.writeSurroundings(attributes)
	request := &auth.CheckRequest{Attributes: attributes}
	switch {
	case m.odd("envoy: no http"):
		attributes.Request.Http = nil
	case m.odd("envoy: no request"):
		attributes.Request = nil
	case m.odd("envoy: no attributes"):
		request.Attributes = nil
	}
	if m.odd("envoy: fields of a newer version") {
		addUnknown(request, request.Attributes, request.Attributes.GetRequest(), request.Attributes.GetRequest().GetHttp())
	}
	return request
}

func (m *maker) writeQuery(http *auth.AttributeContext_HttpRequest) {
	query := strings.Join(m.parameters, "&")
	switch {
	case query == "":
	case m.odd("query: in its own field"):
		http.Query = query
		if m.chance(0.5) {
			http.Path += "?" + query
		}
	default:
		http.Path += "?" + query
	}
}

func (m *maker) writeBody(http *auth.AttributeContext_HttpRequest) {
	if m.odd("envoy: body as text") || m.chance(0.3) {
		// Envoy itself replaces bytes that are no UTF-8 here, by "!".
		http.Body = strings.ToValidUTF8(string(m.body), "!")
		return
	}
	http.RawBody = m.body
}

// writeHeaders spells the headers in one of the ways of Envoy: a map with joined repeats, or a list with or without them.
func (m *maker) writeHeaders(http *auth.AttributeContext_HttpRequest) {
	all := append([]header{{":method", http.Method}, {":path", http.Path}, {":authority", http.Host}}, m.headers...)
	if m.odd("names: upper case") {
		for i := range all {
			all[i].name = strings.ToUpper(all[i].name)
		}
	}
	asText, asBytes := m.odd("headers: in header_map as text"), m.odd("headers: in header_map as bytes") || m.chance(0.2)
	if m.apart {
		asBytes = !asText
	} else {
		all = joined(all)
	}
	if !asText && !asBytes {
		http.Headers = map[string]string{}
		for _, header := range all {
			http.Headers[header.name] = header.value
		}
		return
	}
	http.HeaderMap = &core.HeaderMap{}
	for _, header := range all {
		entry := &core.HeaderValue{Key: header.name}
		if asText {
			entry.Value = header.value
		} else {
			entry.RawValue = []byte(header.value)
		}
		http.HeaderMap.Headers = append(http.HeaderMap.Headers, entry)
	}
}

// joined makes repeats one header, joined by commas.
func joined(headers []header) []header {
	var once []header
	at := map[string]int{}
	for _, header := range headers {
		if i, twice := at[header.name]; twice {
			once[i].value += "," + header.value
			continue
		}
		at[header.name] = len(once)
		once = append(once, header)
	}
	return once
}

// writeSurroundings adds what an Envoy may tell besides; none of it is decided on.
func (m *maker) writeSurroundings(attributes *auth.AttributeContext) {
	if m.odd("envoy: principals") || m.chance(0.3) {
		attributes.Source = &auth.AttributeContext_Peer{
			Address: &core.Address{Address: &core.Address_SocketAddress{SocketAddress: &core.SocketAddress{
				Address: "192.0.2.7", PortSpecifier: &core.SocketAddress_PortValue{PortValue: 4711},
			}}},
			Service: "front", Labels: map[string]string{"a": "b"}, Principal: "spiffe://example.com/user-1", Certificate: "cert",
		}
		attributes.Destination = &auth.AttributeContext_Peer{
			Address:   &core.Address{Address: &core.Address_Pipe{Pipe: &core.Pipe{Path: "/run/model.sock"}}},
			Principal: "spiffe://example.com/model",
		}
		attributes.TlsSession = &auth.AttributeContext_TLSSession{Sni: "models.example.com"}
	}
	if m.odd("envoy: metadata") || m.chance(0.3) {
		fields, _ := structpb.NewStruct(map[string]any{"modelgate_model": "x", "accessKey": "y", "n": 1.5})
		metadata := &core.Metadata{FilterMetadata: map[string]*structpb.Struct{"modelgate": fields}}
		attributes.MetadataContext, attributes.RouteMetadataContext = metadata, metadata
	}
}

// addUnknown puts fields into these messages that no version of today knows, of every wire type that is still in use.
func addUnknown(messages ...proto.Message) {
	const number = 4321
	var unknown []byte
	unknown = protowire.AppendVarint(protowire.AppendTag(unknown, number, protowire.VarintType), 1<<60)
	unknown = protowire.AppendBytes(protowire.AppendTag(unknown, number+1, protowire.BytesType), []byte("accessKey"))
	unknown = protowire.AppendFixed32(protowire.AppendTag(unknown, number+2, protowire.Fixed32Type), 7)
	unknown = protowire.AppendFixed64(protowire.AppendTag(unknown, number+3, protowire.Fixed64Type), 7)
	for _, message := range messages {
		if reflected := message.ProtoReflect(); reflected.IsValid() {
			reflected.SetUnknown(unknown)
		}
	}
}
