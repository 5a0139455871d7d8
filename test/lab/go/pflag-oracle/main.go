// Command pflag-oracle answers how github.com/spf13/pflag parses command lines. It reads JSON lines such as
// {"flags":[{"name":"exec","type":"bool"}],"args":["--exec"]} and answers each with the values of the flags that were
// set, or with the class of the error.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
)

type question struct {
	Flags []struct{ Name, Type string } `json:"flags"`
	Args  []string                      `json:"args"`
}

type answer struct {
	Values map[string]any `json:"values,omitempty"`
	Rest   []string       `json:"rest,omitempty"`
	Error  string         `json:"error,omitempty"`
}

// define adds a flag and returns a way to read it. Numbers become text, because JSON's are not 64 bits wide.
func define(set *pflag.FlagSet, name, kind string) func() any {
	switch kind {
	case "bool":
		value := set.Bool(name, false, "")
		return func() any { return *value }
	case "string":
		value := set.String(name, "", "")
		return func() any { return *value }
	case "int":
		value := set.Int(name, 0, "")
		return func() any { return strconv.Itoa(*value) }
	case "int64":
		value := set.Int64(name, 0, "")
		return func() any { return strconv.FormatInt(*value, 10) }
	case "uint8":
		value := set.Uint8(name, 0, "")
		return func() any { return strconv.Itoa(int(*value)) }
	case "uint16":
		value := set.Uint16(name, 0, "")
		return func() any { return strconv.Itoa(int(*value)) }
	case "float32":
		value := set.Float32(name, 0, "")
		return func() any { return strconv.FormatFloat(float64(*value), 'g', -1, 64) }
	case "duration":
		value := set.Duration(name, 0, "")
		return func() any { return strconv.FormatInt(value.Nanoseconds(), 10) }
	case "stringSlice":
		value := set.StringSlice(name, nil, "")
		return func() any { return *value }
	case "stringArray":
		value := set.StringArray(name, nil, "")
		return func() any { return *value }
	case "mapStringBool":
		gates := map[string]bool{}
		set.Var(cliflag.NewMapStringBool(&gates), name, "")
		return func() any { return gates }
	}
	panic("unknown type " + kind)
}

func classify(err error) string {
	var notExist *pflag.NotExistError
	var valueRequired *pflag.ValueRequiredError
	var invalidValue *pflag.InvalidValueError
	var badSyntax *pflag.InvalidSyntaxError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return "help"
	case errors.As(err, &notExist) && strings.HasPrefix(err.Error(), "unknown shorthand"):
		return "unknownShorthand"
	case errors.As(err, &notExist):
		return "unknownFlag"
	case errors.As(err, &valueRequired):
		return "valueRequired"
	case errors.As(err, &invalidValue):
		return "invalidValue"
	case errors.As(err, &badSyntax):
		return "badSyntax"
	}
	return err.Error()
}

func reply(asked question) answer {
	set := pflag.NewFlagSet("controller", pflag.ContinueOnError)
	set.Usage = func() {}
	read := map[string]func() any{}
	for _, flag := range asked.Flags {
		read[flag.Name] = define(set, flag.Name, flag.Type)
	}
	if err := set.Parse(asked.Args); err != nil {
		return answer{Error: classify(err)}
	}
	values := map[string]any{}
	set.Visit(func(flag *pflag.Flag) { values[flag.Name] = read[flag.Name]() })
	return answer{Values: values, Rest: set.Args()}
}

func main() {
	questions := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	answers := json.NewEncoder(out)
	for questions.More() {
		var asked question
		if err := questions.Decode(&asked); err != nil {
			panic(err)
		}
		if err := answers.Encode(reply(asked)); err != nil {
			panic(err)
		}
	}
}
