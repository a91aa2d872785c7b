// SPDX-License-Identifier: Apache-2.0

// Command readers FOLDER opens the checkpoint in a public folder with the log's key, and looks up every
// entry of the log by golang.org/x/mod's own tlog: the code that the Go ecosystem checks its modules with.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// tiles reads tiles from files. x/mod's paths carry the height, C2SP's do not.
type tiles string

func (folder tiles) Height() int { return height }

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		octets, err := os.ReadFile(filepath.Join(string(folder), path))
		if err != nil {
			return nil, err
		}
		data = append(data, octets)
	}
	return data, nil
}

// entries reads the bundles: each entry behind its size in two octets.
func entries(folder string, size int64) ([][]byte, error) {
	var all [][]byte
	for bundle := int64(0); int64(len(all)) < size; bundle++ {
		width := size - bundle<<height
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: -1, N: bundle, W: int(width)}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
		octets, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for ; width > 0; width-- {
			if len(octets) < 2 || len(octets) < 2+int(binary.BigEndian.Uint16(octets)) {
				return nil, fmt.Errorf("%s: ends too early", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(octets))
			all, octets = append(all, octets[2:end]), octets[end:]
		}
	}
	return all, nil
}

func logKey(folder string) (note.Verifier, error) {
	genesis, err := os.ReadFile(filepath.Join(folder, "genesis.note"))
	if err != nil {
		return nil, err
	}
	found := regexp.MustCompile(`(?m)^log: (.+)$`).FindSubmatch(genesis)
	if found == nil {
		return nil, fmt.Errorf("genesis.note names no log key")
	}
	return note.NewVerifier(string(found[1]))
}

func open(folder string) (tlog.Tree, error) {
	key, err := logKey(folder)
	if err != nil {
		return tlog.Tree{}, err
	}
	octets, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(octets, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != key.Name() {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is of %q", lines[0])
	}
	// The body of x/mod's trees begins with a line of its own.
	return tlog.ParseTree([]byte("go.sum database tree\n" + strings.Join(lines[1:], "\n")))
}

func check(folder string) (int64, error) {
	tree, err := open(folder)
	if err != nil {
		return 0, err
	}
	all, err := entries(folder, tree.N)
	if err != nil {
		return 0, err
	}
	reader := tlog.TileHashReader(tree, tiles(folder))
	for i, entry := range all {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err != nil {
			return 0, fmt.Errorf("entry %d: %v", i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(entry)); err != nil {
			return 0, fmt.Errorf("entry %d: %v", i, err)
		}
	}
	if !bytes.HasPrefix(all[len(all)-1], []byte("comity-seal/1\n")) {
		return 0, fmt.Errorf("the log does not end with a seal")
	}
	return tree.N, nil
}

func main() {
	size, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(size, "entries")
}
