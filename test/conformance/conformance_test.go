package conformance

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/prototext"
)

// checksPerRun is the everyday number; MODELGATE_TEST_FACTOR multiplies it.
const checksPerRun = 2000

// checkDeadline is far above what a check takes: it only keeps a run from hanging.
const checkDeadline = 30 * time.Second

// TestChecks shows that each check, however Envoy spells it, is answered as the rules say.
func TestChecks(t *testing.T) {
	seed := seedOf(t)
	t.Logf("seed %d (MODELGATE_TEST_SEED=%d repeats this run)", seed, seed)
	site := newSite(seed)
	admin := adminAPI{url: required(t, "MODELGATE_SERVER"), legacyKey: strings.TrimSpace(contentOf(t, required(t, "MODELGATE_KEY_FILE")))}
	if err := admin.apply(site); err != nil {
		t.Fatal(err)
	}
	client := connect(t)
	seen := map[string]int{}
	for number := range checksWanted() {
		maker := newMaker(seed, number, site)
		request := maker.makeRequest()
		verdicts := site.verdictsOf(readCredentials(request))
		t.Run(fmt.Sprintf("%05d", number), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), checkDeadline)
			defer cancel()
			response, err := client.Check(ctx, request)
			if err != nil {
				t.Fatalf("no answer: %v\n%s", err, described(maker, request))
			}
			if faults := leastFaults(site, request, response, verdicts); len(faults) > 0 {
				t.Fatalf("%s\n%s", strings.Join(faults, "\n"), described(maker, request))
			}
		})
		for _, what := range append(maker.seen, "verdict: "+verdicts[0].reason) {
			seen[what]++
		}
	}
	requireAllSeen(t, seen)
}

// leastFaults is empty where the answer is one of those that the rules allow.
func leastFaults(s *site, request *auth.CheckRequest, response *auth.CheckResponse, verdicts []verdict) []string {
	faults := faultsOf(s, request, response, verdicts[0])
	for _, verdict := range verdicts[1:] {
		if others := faultsOf(s, request, response, verdict); len(others) < len(faults) {
			faults = others
		}
	}
	return faults
}

// requireAllSeen fails where a run did not show every aspect and every verdict, and logs how often each was.
func requireAllSeen(t *testing.T, seen map[string]int) {
	wanted := append(slices.Clone(aspects), "verdict: "+authorized, "verdict: "+authenticationOff)
	for reason := range statusOf {
		wanted = append(wanted, "verdict: "+reason)
	}
	for _, what := range slices.Sorted(slices.Values(wanted)) {
		t.Logf("%5d × %s", seen[what], what)
		if seen[what] == 0 {
			t.Errorf("no check showed %q", what)
		}
	}
}

// described is what a reader needs to understand a failed check: the keys in it are of this test alone.
func described(maker *maker, request *auth.CheckRequest) string {
	text := prototext.MarshalOptions{Multiline: true}.Format(request)
	const enough = 6000
	if len(text) > enough {
		text = text[:enough] + " …"
	}
	return fmt.Sprintf("aspects: %s\n%s", strings.Join(maker.seen, "; "), text)
}

func connect(t *testing.T) auth.AuthorizationClient {
	t.Helper()
	connection, err := grpc.NewClient(required(t, "MODELGATE_CHECK_ADDRESS"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return auth.NewAuthorizationClient(connection)
}

func required(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set; run this by test/conformance/run.sh", name)
	}
	return value
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// checksWanted follows the other tests: what is no positive factor counts as 1, and a run is never shorter than the everyday one.
func checksWanted() int {
	factor, err := strconv.ParseFloat(os.Getenv("MODELGATE_TEST_FACTOR"), 64)
	if err != nil || !(factor > 1) {
		return checksPerRun
	}
	return int(checksPerRun * factor)
}

func seedOf(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("MODELGATE_TEST_SEED")
	if text == "" {
		return rand.Uint64N(1 << 32)
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("MODELGATE_TEST_SEED is %q, must be a whole number", text)
	}
	return seed
}
