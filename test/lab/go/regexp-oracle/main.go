// Command regexp-oracle answers what Go's regular expressions match. It reads JSON lines such as
// {"pattern":"^a+$","texts":["aa","b"]} and answers each with one letter per text: "m" for a match, "-" for none; or
// with "!" where Go refuses the pattern.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
)

type question struct {
	Pattern string   `json:"pattern"`
	Texts   []string `json:"texts"`
}

func answerTo(asked question) string {
	compiled, err := regexp.Compile(asked.Pattern)
	if err != nil {
		return "!"
	}
	answer := make([]byte, len(asked.Texts))
	for i, text := range asked.Texts {
		answer[i] = '-'
		if compiled.MatchString(text) {
			answer[i] = 'm'
		}
	}
	return string(answer)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(out, answerTo(asked))
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
