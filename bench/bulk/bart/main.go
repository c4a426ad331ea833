// The same question to gaissmai/bart: one table of each file, and each prefix asked for in the other one.
package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/gaissmai/bart"
)

func parse(text []byte) []netip.Prefix {
	var prefixes []netip.Prefix
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte{'\n'})
		text = rest
		prefix, err := netip.ParsePrefix(string(line))
		if err != nil {
			panic(err)
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes
}

func tableOf(prefixes []netip.Prefix) *bart.Lite {
	table := new(bart.Lite)
	for _, prefix := range prefixes {
		table.Insert(prefix)
	}
	return table
}

func count(prefixes []netip.Prefix, table *bart.Lite) int {
	found := 0
	for _, prefix := range prefixes {
		if table.OverlapsPrefix(prefix) {
			found++
		}
	}
	return found
}

func main() {
	var texts [2][]byte
	for side, path := range os.Args[1:3] {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		texts[side] = text
	}
	start := time.Now()
	left, right := parse(texts[0]), parse(texts[1])
	leftCount, rightCount := count(left, tableOf(right)), count(right, tableOf(left))
	fmt.Printf("%d %d %.1f\n", leftCount, rightCount, float64(time.Since(start).Microseconds())/1000)
}
