package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// adminDeadline is far above what an apply takes: it only keeps a run from hanging.
const adminDeadline = time.Minute

// adminAPI is the server's admin plane in the name of its first site admin.
type adminAPI struct{ url, legacyKey string }

// call makes one request, and answers its body and the store's revision after it.
func (a adminAPI) call(method, path string, body any) (answer map[string]any, revision string, err error) {
	sent := io.Reader(http.NoBody)
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, "", err
		}
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, a.url+path, sent)
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Authorization", "Bearer "+a.legacyKey)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := (&http.Client{Timeout: adminDeadline}).Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, "", err
	}
	if response.StatusCode >= 300 {
		return nil, "", fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	if len(text) > 0 {
		err = json.Unmarshal(text, &answer)
	}
	return answer, response.Header.Get("x-modelgate-revision"), err
}

// apply brings the site to the server, then deletes an API key and regenerates an access key.
func (a adminAPI) apply(s *site) error {
	if _, _, err := a.call("POST", "/api/v2/site:apply", s); err != nil {
		return err
	}
	deleted := s.APIKeys[0]
	if _, _, err := a.call("DELETE", "/api/v2/users/"+deleted.Username+"/v2_keys/"+deleted.KeyID, nil); err != nil {
		return err
	}
	s.APIKeys, s.deletedKey = s.APIKeys[1:], deleted.secret
	renewed := s.Projects[0].Models[0]
	path := "/api/v2/projects/" + renewed.project.ProjectID + "/models/" + renewed.ModelID + ":regenerate_access_key"
	answer, revision, err := a.call("POST", path, nil)
	if err != nil {
		return err
	}
	s.oldAccessKey, renewed.AccessKey = renewed.AccessKey, fmt.Sprint(answer["access_key"])
	s.legacyKey, s.revision = a.legacyKey, revision
	return nil
}
