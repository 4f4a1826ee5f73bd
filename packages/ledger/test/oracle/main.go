// An independent verifier of what @atalaya/ledger writes, on the note and tlog packages of Go's checksum database.
// Standard input: one JSON object; standard output: one line per answer, "ok …" or "error …".
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Size, Index int64
	Root, Leaf  string
	Path        []string
}
type continuation struct {
	OldSize, Size int64
	OldRoot, Root string
	Path          []string
}
type question struct {
	Keys          []string
	Notes         []string
	Inclusions    []proof
	Consistencies []continuation
}

func hash(text string) tlog.Hash {
	var h tlog.Hash
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(bytes) != len(h) {
		panic("bad hash " + text)
	}
	copy(h[:], bytes)
	return h
}

func hashes(texts []string) []tlog.Hash {
	var all []tlog.Hash
	for _, text := range texts {
		all = append(all, hash(text))
	}
	return all
}

func main() {
	var q question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		panic(err)
	}
	var known []note.Verifier
	for _, key := range q.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			panic(err)
		}
		known = append(known, verifier)
	}
	for _, text := range q.Notes {
		opened, err := note.Open([]byte(text), note.VerifierList(known...))
		if err != nil {
			fmt.Println("error", err)
			continue
		}
		lines := strings.Split(opened.Text, "\n")
		size, err := strconv.ParseInt(lines[1], 10, 64)
		if err != nil {
			fmt.Println("error", err)
			continue
		}
		fmt.Println("ok", len(opened.Sigs), len(opened.UnverifiedSigs), size, hash(lines[2]))
	}
	for _, p := range q.Inclusions {
		if err := tlog.CheckRecord(tlog.RecordProof(hashes(p.Path)), p.Size, hash(p.Root), p.Index, hash(p.Leaf)); err != nil {
			fmt.Println("error", err)
		} else {
			fmt.Println("ok")
		}
	}
	for _, c := range q.Consistencies {
		if err := tlog.CheckTree(tlog.TreeProof(hashes(c.Path)), c.Size, hash(c.Root), c.OldSize, hash(c.OldRoot)); err != nil {
			fmt.Println("error", err)
		} else {
			fmt.Println("ok")
		}
	}
}
