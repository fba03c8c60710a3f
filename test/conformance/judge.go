package conformance

import (
	"fmt"
	"reflect"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/protobuf/proto"
)

// judge compares one answer with what the rules say, and collects what is wrong with it.
type judge struct {
	site     *site
	request  *auth.CheckRequest
	response *auth.CheckResponse
	verdict  verdict
	faults   []string
}

func (j *judge) wrong(format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

func (j *judge) equal(what string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		j.wrong("%s: got %q, want %q", what, fmt.Sprint(got), fmt.Sprint(want))
	}
}

// faultsOf answers everything that is wrong with an answer.
func faultsOf(s *site, request *auth.CheckRequest, response *auth.CheckResponse, v verdict) []string {
	j := &judge{site: s, request: request, response: response, verdict: v}
	for path := range unknownFields(response.ProtoReflect(), "CheckResponse") {
		j.wrong("%s has fields that Envoy does not know", path)
	}
	j.judgeSecrets()
	j.judgeMetadata()
	switch {
	case v.allows() && response.GetOkResponse() == nil:
		j.wrong("denied with %s, want allowed", answeredReason(response))
	case v.allows():
		j.judgeAllowed(response.GetOkResponse())
	case response.GetDeniedResponse() == nil:
		j.wrong("allowed, want denied with %s", v.reason)
	default:
		j.judgeDenied(response.GetDeniedResponse())
	}
	return j.faults
}

func answeredReason(response *auth.CheckResponse) string {
	return valuesOf(response.GetDeniedResponse().GetHeaders())["x-modelgate-reason"]
}

// judgeSecrets looks for every key of the site and of the request in all that is answered.
func (j *judge) judgeSecrets() {
	bytes, err := proto.Marshal(j.response)
	if err != nil {
		j.wrong("cannot be encoded again: %v", err)
	}
	answered := string(bytes)
	secrets := []string{j.site.deletedKey, j.site.oldAccessKey, j.site.legacyKey}
	for _, key := range j.site.APIKeys {
		secrets = append(secrets, key.secret, key.Digest)
	}
	for _, model := range j.site.models() {
		secrets = append(secrets, model.AccessKey)
	}
	for _, sent := range readCredentials(j.request) {
		secrets = append(secrets, sent.accessKey)
		for _, header := range sent.sent {
			secrets = append(secrets, header.key)
		}
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(answered, secret) {
			j.wrong("holds the key %s", secret)
		}
	}
}

// judgeMetadata holds the answer to B27, on allow and on denial.
func (j *judge) judgeMetadata() {
	v := j.verdict
	want := map[string]string{
		"decision": "deny", "reason": v.reason, "shadow_reason": v.shadowReason, "revision": j.site.revision,
		"model": "", "project": "", "principal": "", "key_id": "", "permission": v.permission.String(),
	}
	if v.allows() {
		want["decision"] = "allow"
	}
	if v.model != nil {
		want["model"], want["project"] = v.model.ModelID, v.model.project.ProjectID
	}
	if v.caller != nil {
		want["principal"], want["key_id"] = v.caller.Username, v.caller.KeyID
	}
	told := j.response.GetDynamicMetadata().AsMap()
	fields, _ := told["modelgate"].(map[string]any)
	j.equal("dynamic metadata: namespaces", len(told), 1)
	for name, value := range want {
		got := ""
		if fields[name] != nil {
			got = fmt.Sprint(fields[name])
		}
		j.equal("dynamic metadata: "+name, got, value)
	}
	for name := range fields {
		if _, known := want[name]; !known {
			j.wrong("dynamic metadata: %s is told", name)
		}
	}
}

// valuesOf answers headers by lower-case name. What stands twice is joined, so that it is noticed: values of one name, and a
// value in both of the fields of which Envoy takes one.
func valuesOf(options []*core.HeaderValueOption) map[string]string {
	values := map[string]string{}
	for _, option := range options {
		name := strings.ToLower(option.GetHeader().GetKey())
		value := option.GetHeader().GetValue() + string(option.GetHeader().GetRawValue())
		if before, twice := values[name]; twice {
			value = before + " and " + value
		}
		values[name] = value
	}
	return values
}
