package conformance

import (
	"regexp"
	"slices"
)

// The plain model of the decision: part 3 of the contract, read top to bottom. Ids of its rows stand beside each step.

// statusOf is the HTTP status of each reason.
var statusOf = map[string]int{
	"access_key_missing": 400, "access_key_ambiguous": 400, "body_incomplete": 413, "access_key_unknown": 404, "model_mismatch": 403,
	"api_key_ambiguous": 400, "api_key_missing": 401, "api_key_invalid": 401, "api_key_expired": 401,
	"audience_mismatch": 403, "not_authorized": 403, "key_scope": 403, "model_stopped": 503,
}

// wholeSecret is B42's form; no request here holds one whose checksum is wrong.
var wholeSecret = regexp.MustCompile(`^mg[klsb]_[0-9A-Za-z]{49}$`)

// Reasons of an allow. The contract does not name them; they stand in metadata for people who read access logs.
const (
	authorized        = "authorized"
	authenticationOff = "authentication_off"
)

// verdict is what the rules say about one request.
type verdict struct {
	reason       string
	shadowReason string
	// model is the one that was named, once one is; caller is whoever a live API key names.
	model      *model
	caller     *apiKey
	permission permission
}

func (v verdict) allows() bool { return v.reason == authorized || v.reason == authenticationOff }

// verdictsOf answers what the rules say of each reading; any of them is right.
func (s *site) verdictsOf(readings []credentials) []verdict {
	var verdicts []verdict
	for _, reading := range readings {
		verdicts = append(verdicts, s.decide(reading))
	}
	return verdicts
}

// decide answers the first rule that matches. B22 is left out: the server under test is ready.
func (s *site) decide(c credentials) verdict {
	if c.ambiguous { // B9
		return verdict{reason: "access_key_ambiguous"}
	}
	pinned := s.modelBy(func(m *model) bool { return m.ModelID == c.pin })
	if c.incomplete && (pinned == nil || !pinned.AuthEnabled) { // B10, B6a
		return verdict{reason: "body_incomplete"}
	}
	if c.notString || c.accessKey == "" && c.pin == "" { // B8, B2
		return verdict{reason: "access_key_missing"}
	}
	byKey := s.modelBy(func(m *model) bool { return m.AccessKey == c.accessKey })
	if c.accessKey == "" && pinned != nil && !pinned.AuthEnabled { // B6a, B8
		return verdict{reason: "access_key_missing"}
	}
	if c.accessKey != "" && byKey == nil || c.pin != "" && pinned == nil { // B11, B6a
		return verdict{reason: "access_key_unknown"}
	}
	if c.accessKey != "" && c.pin != "" && byKey != pinned { // B12
		return verdict{reason: "model_mismatch"}
	}
	named := byKey
	if named == nil {
		named = pinned
	}
	if named.AuthEnabled {
		return s.decideOn(named, c)
	}
	return s.decideOff(named, c)
}

// decideOff answers for a model whose authentication is off: who calls matters only to the model (B7).
func (s *site) decideOff(named *model, c credentials) verdict {
	v := verdict{model: named, reason: authenticationOff} // B13
	judged := s.decideOn(named, c)
	if usable := judged.caller != nil && !judged.caller.expired && slices.Contains(judged.caller.Audiences, "API"); usable {
		v.caller, v.permission = judged.caller, judged.permission
	}
	if named.State == "stopped" { // B23
		v.reason = "model_stopped"
		return v
	}
	if named.AuthShadow && !judged.allows() { // B45
		v.shadowReason = judged.reason
	}
	return v
}

// decideOn answers for a model whose authentication is on.
func (s *site) decideOn(named *model, c credentials) verdict {
	deny := func(reason string) verdict { return verdict{model: named, reason: reason} }
	sent, differ := s.countedKey(c.sent)
	if differ { // B6
		return deny("api_key_ambiguous")
	}
	if len(c.sent) == 0 { // B14
		return deny("api_key_missing")
	}
	key := s.liveKeyBy(sent)
	if key == nil { // B15
		return deny("api_key_invalid")
	}
	v := verdict{model: named, caller: key, permission: s.permission(named.project, key.Username), reason: authorized} // B19
	switch {
	case key.expired: // B16
		v.reason = "api_key_expired"
	case !slices.Contains(key.Audiences, "API"): // B17
		v.reason = "audience_mismatch"
	case v.permission < read: // B18, B20
		v.reason = "not_authorized"
	case key.Models != nil && !slices.Contains(key.Models, named.ModelID): // B44
		v.reason = "key_scope"
	case named.State == "stopped": // B23
		v.reason = "model_stopped"
	}
	return v
}

// countedKey answers the key that counts among what several headers hold, and whether there are two that differ (B6, B53).
// A header that holds a key of ours without being one agrees with no other.
func (s *site) countedKey(sent []sentKey) (key string, differ bool) {
	if len(sent) == 1 {
		return sent[0].key, false
	}
	var counted []string
	for _, header := range sent {
		switch {
		case wholeSecret.MatchString(header.key) || s.liveKeyBy(header.key) != nil:
			counted = append(counted, header.key)
		case s.holdsKeyOfOurs(header.value):
			counted = append(counted, "")
		}
	}
	if len(counted) == 0 {
		return "", false
	}
	return counted[0], disagree(counted)
}

// permission answers the highest that somebody holds on a project, in whichever way (B19, B20, B21, and "Teams").
func (s *site) permission(p *project, username string) permission {
	best := held(p.Collaborators, username)
	if p.Owner.Username == username {
		best = admin
	}
	for _, granted := range p.TeamCollaborators {
		inTeam := s.memberOf(granted.Team, username)
		if inTeam != nothing && granted.Mode == "override" {
			inTeam = granted.Permission
		}
		best = max(best, inTeam)
	}
	switch p.Visibility {
	case "organization":
		best = max(best, s.memberOf(p.Owner.Team, username))
	case "public":
		best = max(best, read)
	}
	return best
}
