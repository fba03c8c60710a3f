// Package conformance asks a real check service with Envoy's own types and judges each answer by a plain model of the rules.
//
// The rules stand here a second time, written from the contract alone: nothing is shared with the server.
package conformance

// permission is what somebody holds on a project, in rising order.
type permission int

const (
	nothing permission = iota
	businessUser
	read
	operator
	write
	admin
)

var permissionNames = []string{"", "business_user", "read", "operator", "write", "admin"}

func (p permission) String() string { return permissionNames[p] }

// MarshalText makes a permission stand in the site document by its name.
func (p permission) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// site is what the server is given with site:apply, in that document's form. What the document may not hold has no
// JSON: secrets, and links from one thing to another.
type site struct {
	Users        []*user        `json:"users"`
	Applications []*application `json:"applications"`
	Teams        []*team        `json:"teams"`
	Projects     []*project     `json:"projects"`
	APIKeys      []*apiKey      `json:"api_keys"`

	// Keys of things that were there: a deleted API key, and an access key from before the regeneration.
	deletedKey, oldAccessKey string
	// legacyKey opens the admin API, and nothing else.
	legacyKey string
	// revision is the store's after the last change.
	revision string
}

type user struct {
	Username    string `json:"username"`
	SiteAdmin   bool   `json:"site_admin"`
	Deactivated bool   `json:"deactivated"`
}

type application struct {
	Name        string `json:"name"`
	Owner       string `json:"owner"`
	Deactivated bool   `json:"deactivated"`
}

type grant struct {
	Username   string     `json:"username"`
	Permission permission `json:"permission"`
}

type team struct {
	Team    string  `json:"team"`
	Members []grant `json:"members"`
}

type teamGrant struct {
	Team       string     `json:"team"`
	Mode       string     `json:"mode"`
	Permission permission `json:"permission"`
}

type owner struct {
	Username string `json:"username,omitempty"`
	Team     string `json:"team,omitempty"`
}

type project struct {
	ProjectID         string      `json:"project_id"`
	Owner             owner       `json:"owner"`
	Visibility        string      `json:"visibility"`
	Collaborators     []grant     `json:"collaborators"`
	TeamCollaborators []teamGrant `json:"team_collaborators"`
	Models            []*model    `json:"models"`
}

type model struct {
	ModelID     string `json:"model_id"`
	AccessKey   string `json:"access_key"`
	Target      string `json:"target,omitempty"`
	AuthEnabled bool   `json:"auth_enabled"`
	AuthShadow  bool   `json:"auth_shadow"`
	State       string `json:"state"`

	project *project
}

type apiKey struct {
	KeyID     string   `json:"key_id"`
	Username  string   `json:"username"`
	Digest    string   `json:"digest"`
	Expiry    *string  `json:"expiry_date"`
	Audiences []string `json:"audiences"`
	Models    []string `json:"models"`

	secret  string
	expired bool
	// kind is "user" or "application"; ended says that the owner was deactivated.
	kind  string
	ended bool
}

func (s *site) models() []*model {
	var all []*model
	for _, project := range s.Projects {
		all = append(all, project.Models...)
	}
	return all
}

// modelBy answers the one model that fits, or nil.
func (s *site) modelBy(fits func(*model) bool) *model {
	for _, model := range s.models() {
		if fits(model) {
			return model
		}
	}
	return nil
}

// liveKeyBy answers the key that a secret is: not a deleted one, and none whose owner's deactivation ended it.
func (s *site) liveKeyBy(secret string) *apiKey {
	for _, key := range s.APIKeys {
		if key.secret == secret && !key.ended {
			return key
		}
	}
	return nil
}

// memberOf answers what somebody holds in a team.
func (s *site) memberOf(name, username string) permission {
	for _, team := range s.Teams {
		if team.Team == name {
			return held(team.Members, username)
		}
	}
	return nothing
}

func held(grants []grant, username string) permission {
	for _, grant := range grants {
		if grant.Username == username {
			return grant.Permission
		}
	}
	return nothing
}
