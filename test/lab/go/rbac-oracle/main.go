// Command rbac-oracle answers how Kubernetes' own authorizers decide. It reads JSON lines such as
// {"objects":[…RBAC objects…],"requests":[{"user":"ann","verb":"get","resource":"pods","namespace":"a"}]} and answers
// each with one letter per request: "a" for allowed, "-" for no opinion, which an API server refuses.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

type request struct {
	User, Verb, Namespace, Group, Resource, Subresource, Name, Path string
	Groups                                                          []string
}

type question struct {
	Objects  []json.RawMessage `json:"objects"`
	Requests []request         `json:"requests"`
}

func parse[T any](raw []byte) *T {
	object := new(T)
	if err := json.Unmarshal(raw, object); err != nil {
		panic(err)
	}
	return object
}

// authorizerOf has the order of an API server: `system:masters` first, then RBAC.
func authorizerOf(objects []json.RawMessage) authorizer.Authorizer {
	var roles []*rbacv1.Role
	var bindings []*rbacv1.RoleBinding
	var clusterRoles []*rbacv1.ClusterRole
	var clusterBindings []*rbacv1.ClusterRoleBinding
	for _, raw := range objects {
		switch kind := parse[metav1.TypeMeta](raw).Kind; kind {
		case "Role":
			roles = append(roles, parse[rbacv1.Role](raw))
		case "RoleBinding":
			bindings = append(bindings, parse[rbacv1.RoleBinding](raw))
		case "ClusterRole":
			clusterRoles = append(clusterRoles, parse[rbacv1.ClusterRole](raw))
		case "ClusterRoleBinding":
			clusterBindings = append(clusterBindings, parse[rbacv1.ClusterRoleBinding](raw))
		default:
			panic(fmt.Sprintf("unknown kind %q", kind))
		}
	}
	_, static := validation.NewTestRuleResolver(roles, bindings, clusterRoles, clusterBindings)
	return union.New(
		authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup),
		rbac.New(static, static, static, static),
	)
}

func main() {
	questions := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for questions.More() {
		var asked question
		if err := questions.Decode(&asked); err != nil {
			panic(err)
		}
		decide := authorizerOf(asked.Objects)
		answer := make([]byte, 0, len(asked.Requests)+1)
		for _, r := range asked.Requests {
			// A denial's error only says why; the decision stands without it.
			decision, _, _ := decide.Authorize(context.Background(), authorizer.AttributesRecord{
				User: &user.DefaultInfo{Name: r.User, Groups: r.Groups}, Verb: r.Verb, Namespace: r.Namespace,
				APIGroup: r.Group, Resource: r.Resource, Subresource: r.Subresource, Name: r.Name,
				ResourceRequest: r.Path == "", Path: r.Path,
			})
			letter := byte('-')
			if decision == authorizer.DecisionAllow {
				letter = 'a'
			}
			answer = append(answer, letter)
		}
		out.Write(append(answer, '\n'))
	}
}
