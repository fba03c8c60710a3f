package conformance

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
)

// grpcStatusOf is what a gRPC caller gets for each HTTP status.
var grpcStatusOf = map[int]string{400: "3", 401: "16", 403: "7", 404: "5", 413: "8", 503: "14"}

// judgeDenied holds a denial to "Denied body", B14 to B16, and B18.
func (j *judge) judgeDenied(denied *auth.DeniedHttpResponse) {
	if j.response.GetStatus().GetCode() == 0 {
		j.wrong("a denial with status OK lets the request through")
	}
	status := statusOf[j.verdict.reason]
	j.equal("HTTP status", int(denied.GetStatus().GetCode()), status)
	sent := headersOf(j.request.GetAttributes().GetRequest().GetHttp())
	headers := valuesOf(denied.GetHeaders())
	j.equal("x-modelgate-reason", headers["x-modelgate-reason"], j.verdict.reason)
	j.equal("x-modelgate-request-id", headers["x-modelgate-request-id"], sent["x-request-id"])
	j.equal("www-authenticate", headers["www-authenticate"], challengeOf(j.verdict.reason))
	if strings.HasPrefix(sent["content-type"], "application/grpc") {
		j.equal("grpc-status", headers["grpc-status"], grpcStatusOf[status])
		if denied.GetBody() == "" || strings.ContainsAny(denied.GetBody(), "{}\n\r") {
			j.wrong("the body of a gRPC denial is no plain sentence: %q", denied.GetBody())
		}
		return
	}
	j.equal("content-type", headers["content-type"], "application/json")
	_, hasGRPC := headers["grpc-status"]
	j.equal("whether grpc-status is there", hasGRPC, false)
	j.judgeBody(denied.GetBody(), sent["x-request-id"])
}

// challengeOf is the WWW-Authenticate of each reason (B14 to B16).
func challengeOf(reason string) string {
	switch reason {
	case "api_key_missing":
		return `Bearer realm="models"`
	case "api_key_invalid", "api_key_expired":
		return `Bearer realm="models", error="invalid_token"`
	}
	return ""
}

// judgeBody holds a JSON denial to the shape that clients of `modelservice` parse; Go's structs would not see the case of names.
func (j *judge) judgeBody(text, requestID string) {
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		j.wrong("the body %q: %v", text, err)
		return
	}
	names := slices.Sorted(maps.Keys(body))
	j.equal("members of the body", names, []string{"StatusCode", "error", "errors", "reason", "requestId", "success"})
	j.equal("success", body["success"], false)
	j.equal("StatusCode", body["StatusCode"], float64(statusOf[j.verdict.reason]))
	j.equal("reason", body["reason"], j.verdict.reason)
	j.equal("requestId", body["requestId"], requestID)
	errors, _ := body["errors"].(map[string]any)
	j.equal("count of errors", len(errors), 1)
	if j.verdict.reason == "not_authorized" { // B18
		const short = "User APikey not authorized to access model"
		j.equal("B18's pair", errors[short], "Check APIKEY permissions or model authentication permissions")
	}
	inner, _ := body["error"].(map[string]any)
	j.equal("members of error", slices.Sorted(maps.Keys(inner)), []string{"code", "message", "type"})
	for name, value := range inner {
		if said, isText := value.(string); !isText || said == "" {
			j.wrong("error.%s is %v", name, value)
		}
	}
}
