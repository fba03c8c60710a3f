package conformance

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
)

// identityHeaders are what a model is told; whatever of it is not set is removed (B24).
var identityHeaders = []string{
	"x-modelgate-model", "x-modelgate-target", "x-modelgate-project", "x-modelgate-principal", "x-modelgate-principal-kind",
	"x-modelgate-key-id", "x-modelgate-permission",
}

// judgeAllowed holds an allow to B24 and B25.
func (j *judge) judgeAllowed(ok *auth.OkHttpResponse) {
	j.equal("status", j.response.GetStatus().GetCode(), int32(0))
	want := j.identity()
	for _, option := range ok.GetHeaders() {
		name := option.GetHeader().GetKey()
		if option.GetAppend() == nil || option.GetAppend().GetValue() {
			j.wrong("append of %s is not said to be false", name)
		}
		j.equal("append_action of "+name, option.GetAppendAction(), core.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD)
	}
	j.equal("headers", valuesOf(ok.GetHeaders()), want)
	j.equal("count of headers", len(ok.GetHeaders()), len(want))
	j.judgeRemoved(ok.GetHeadersToRemove(), want)
	values, _ := readQuery(j.request.GetAttributes().GetRequest().GetHttp())
	if len(values) > 0 {
		j.equal("query parameters to remove", ok.GetQueryParametersToRemove(), []string{accessKeyName})
	} else {
		j.equal("count of query parameters to remove", len(ok.GetQueryParametersToRemove()), 0)
	}
	j.equal("count of response headers", len(ok.GetResponseHeadersToAdd())+len(ok.GetQueryParametersToSet()), 0)
}

// identity is what the model is told (B24).
func (j *judge) identity() map[string]string {
	v := j.verdict
	want := map[string]string{
		"x-modelgate-model": v.model.ModelID, "x-modelgate-target": v.model.Target, "x-modelgate-project": v.model.project.ProjectID,
	}
	if v.model.Target == "" {
		want["x-modelgate-target"] = v.model.ModelID
	}
	if v.caller != nil {
		want["x-modelgate-principal"], want["x-modelgate-principal-kind"] = v.caller.Username, v.caller.kind
		want["x-modelgate-key-id"] = v.caller.KeyID
	}
	if v.permission != nothing {
		want["x-modelgate-permission"] = v.permission.String()
	}
	return want
}

func (j *judge) judgeRemoved(removed []string, set map[string]string) {
	want := []string{"x-model-access-key"}
	for _, name := range identityHeaders {
		if _, isSet := set[name]; !isSet {
			want = append(want, name)
		}
	}
	headers := headersOf(j.request.GetAttributes().GetRequest().GetHttp())
	for _, name := range apiKeyHeaders {
		_, sent := headers[name]
		switch {
		case j.verdict.model.AuthEnabled && !onlyOurs[name] || sent && j.site.holdsKeyOfOurs(headers[name]):
			want = append(want, name)
		case !sent: // what is not there may be removed or not
			removed = slices.DeleteFunc(slices.Clone(removed), func(item string) bool { return item == name })
		}
	}
	slices.Sort(want)
	j.equal("headers to remove", slices.Sorted(slices.Values(removed)), want)
}

// onlyOurs are taken away where they hold a key of ours, whether authentication is on or off: models have such keys of their own.
var onlyOurs = map[string]bool{"api-key": true, "x-goog-api-key": true}

// ownForm is that of B42: API keys, legacy keys, tokens and sessions alike.
var ownForm = regexp.MustCompile(`mg[klsb]_[0-9A-Za-z]{49}`)

// holdsKeyOfOurs says whether a header, or what Basic packs, holds a key by its form, or a known one as a word (B25).
func (s *site) holdsKeyOfOurs(value string) bool {
	for _, word := range strings.Fields(value) {
		if unpacked, err := base64.StdEncoding.DecodeString(word); err == nil {
			value += " " + string(unpacked)
		}
	}
	words := strings.FieldsFunc(value, func(char rune) bool { return char <= ' ' || char > '~' || char == ',' || char == ':' })
	isKnown := func(word string) bool { return s.liveKeyBy(word) != nil }
	return ownForm.MatchString(value) || slices.ContainsFunc(words, isKnown)
}
