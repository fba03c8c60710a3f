package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"time"
)

// What the site holds: enough that every way to a permission stands beside the others.
const (
	userCount        = 14
	applicationCount = 5
	teamCount        = 5
	projectCount     = 12
	modelsPerProject = 4
	keysPerOwner     = 5
)

var anyPermission = []permission{businessUser, read, operator, write, admin}

// newSite makes a site of random memberships.
func newSite(seed uint64) *site {
	r := rand.New(rand.NewPCG(seed, 0))
	s := &site{}
	for i := range userCount {
		s.Users = append(s.Users, &user{Username: fmt.Sprintf("user-%d", i), SiteAdmin: i == 1, Deactivated: i%7 == 3})
	}
	for i := range applicationCount {
		name := fmt.Sprintf("application-%d", i)
		s.Applications = append(s.Applications, &application{Name: name, Owner: s.Users[i].Username, Deactivated: i == 4})
	}
	for i := range teamCount {
		s.Teams = append(s.Teams, &team{Team: fmt.Sprintf("team-%d", i), Members: grantsTo(r, s.usernames(), 6)})
	}
	for i := range projectCount {
		s.Projects = append(s.Projects, s.newProject(r, i))
	}
	for _, user := range s.Users {
		s.addKeys(r, user.Username, "user", user.Deactivated)
	}
	for _, application := range s.Applications {
		s.addKeys(r, application.Name, "application", application.Deactivated)
	}
	return s
}

func (s *site) usernames() []string {
	var names []string
	for _, user := range s.Users {
		names = append(names, user.Username)
	}
	return names
}

// grantsTo grants something to some of these.
func grantsTo(r *rand.Rand, names []string, most int) []grant {
	grants := []grant{}
	for _, i := range r.Perm(len(names))[:r.IntN(most+1)] {
		grants = append(grants, grant{names[i], oneOf(r, anyPermission...)})
	}
	return grants
}

func (s *site) newProject(r *rand.Rand, number int) *project {
	principals := s.usernames()
	for _, application := range s.Applications {
		principals = append(principals, application.Name)
	}
	p := &project{
		ProjectID:         fmt.Sprintf("project-%d", number),
		Owner:             owner{Username: oneOf(r, s.Users...).Username},
		Visibility:        []string{"private", "organization", "public"}[number%3],
		Collaborators:     grantsTo(r, principals, 5),
		TeamCollaborators: []teamGrant{},
	}
	if number%2 == 1 {
		p.Owner = owner{Team: oneOf(r, s.Teams...).Team}
	}
	for _, i := range r.Perm(teamCount)[:r.IntN(3)] {
		mode := oneOf(r, "inherit", "override")
		p.TeamCollaborators = append(p.TeamCollaborators, teamGrant{s.Teams[i].Team, mode, oneOf(r, anyPermission...)})
	}
	for i := range modelsPerProject {
		p.Models = append(p.Models, newModel(r, p, fmt.Sprintf("model-%d-%d", number, i)))
	}
	return p
}

func newModel(r *rand.Rand, p *project, id string) *model {
	m := &model{ModelID: id, AccessKey: newAccessKey(r), State: "running", project: p}
	m.AuthEnabled = r.Float64() < 0.65
	m.AuthShadow = !m.AuthEnabled && r.Float64() < 0.5
	if r.Float64() < 0.15 {
		m.State = "stopped"
	}
	if r.Float64() < 0.4 {
		m.Target = "cluster-of-" + id
	}
	if r.Float64() < 0.2 { // an access key of another form, as an import may bring
		m.AccessKey = textOf(r, alphanumerics+"._-", 16+r.IntN(113))
	}
	return m
}

// addKeys gives an owner keys of every kind: good, expired, of an audience, narrowed.
func (s *site) addKeys(r *rand.Rand, username, kind string, deactivated bool) {
	for i := range keysPerOwner {
		key := &apiKey{KeyID: fmt.Sprintf("key-%s-%d", username, i), Username: username, Audiences: []string{"API"}}
		key.secret, key.kind, key.ended = newSecret(r), kind, deactivated
		digest := sha256.Sum256([]byte(key.secret))
		key.Digest = hex.EncodeToString(digest[:])
		expiry := time.Now().Add(300 * 24 * time.Hour)
		switch i {
		case 1:
			key.expired = true
			expiry = time.Now().Add(-time.Hour)
		case 2:
			key.Audiences = oneOf(r, []string{"Application"}, []string{"API", "Application"})
		case 3:
			key.Models = s.someCallable(r, username)
		}
		if i != 4 { // the last one never expires
			text := expiry.UTC().Format(time.RFC3339)
			key.Expiry = &text
		}
		s.APIKeys = append(s.APIKeys, key)
	}
}

// someCallable answers a few models that somebody may call: a key can be narrowed to no others (B44).
func (s *site) someCallable(r *rand.Rand, username string) []string {
	var ids []string
	for _, model := range s.models() {
		if s.permission(model.project, username) >= read && r.IntN(3) == 0 {
			ids = append(ids, model.ModelID)
		}
	}
	return ids
}

// newSecret makes an API key: mostly of the form of B42, else of forms that an import may bring.
func newSecret(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return textOf(r, hexDigits, 64) + "." + textOf(r, hexDigits, 64)
	}
	return inOwnForm(r, "mgk_")
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// inOwnForm makes a secret with its checksum (B42).
func inOwnForm(r *rand.Rand, prefix string) string {
	text := prefix + textOf(r, base62, 43)
	digits := make([]byte, 6)
	for i, rest := 5, crc32.ChecksumIEEE([]byte(text)); i >= 0; i, rest = i-1, rest/62 {
		digits[i] = base62[rest%62]
	}
	return text + string(digits)
}
