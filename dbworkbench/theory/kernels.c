/* Loops over sets of attributes: covers of functional dependencies, and their candidate keys.

   Plain C on arrays, called from kernels.py; covers.py, keys.py and key_search.py do the same in Python and say why it is right.
   A set is a row of 64-bit words, bit a % 64 of word a / 64 for attribute a; a dependency is two such rows. Both ways give the
   same sets in the same order after the same number of closures. Nothing is kept between calls but what a search hands out, so
   threads need no locks. Where memory is short a function returns -1, or no search. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define PUBLIC __declspec(dllexport)
#else
#define PUBLIC __attribute__((visibility("default")))
#endif

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define LOWEST(x) __builtin_ctzll(x)
#define HIGHEST(x) (63 - __builtin_clzll(x))
#define ONES(x) __builtin_popcountll(x)
#else
#define INLINE static inline
static int LOWEST(uint64_t x) { int n = 0; for (; !(x & 1); x >>= 1) n++; return n; }
static int HIGHEST(uint64_t x) { int n = -1; for (; x; x >>= 1) n++; return n; }
static int ONES(uint64_t x) { int n = 0; for (; x; x &= x - 1) n++; return n; }
#endif

#ifndef BUILT_FROM
#define BUILT_FROM "unknown"
#endif

PUBLIC const char *built_from(void) { return BUILT_FROM; }

typedef uint64_t Word;

/* dependencies, each at the lowest attribute of its left side, and room for one closure */
typedef struct {
    int64_t words, names, count;
    Word *left, *right, *always;
    int32_t *first, *listed; /* by attribute: where its dependencies begin in `listed` */
    int32_t *moved, *next;   /* by attribute: the dependencies that wait for it now, as a chain */
    Word *todo;
} Rules;

INLINE int within(int64_t w, const Word *small, const Word *large) {
    for (int64_t i = 0; i < w; i++)
        if (small[i] & ~large[i]) return 0;
    return 1;
}

INLINE int meet(int64_t w, const Word *one, const Word *other) {
    for (int64_t i = 0; i < w; i++)
        if (one[i] & other[i]) return 1;
    return 0;
}

INLINE int equal(int64_t w, const Word *one, const Word *other) { return !memcmp(one, other, (size_t)w * sizeof(Word)); }
INLINE void copy(int64_t w, Word *to, const Word *from) { memcpy(to, from, (size_t)w * sizeof(Word)); }
INLINE int empty(int64_t w, const Word *set) {
    for (int64_t i = 0; i < w; i++)
        if (set[i]) return 0;
    return 1;
}
INLINE int64_t lowest(int64_t w, const Word *set) {
    for (int64_t i = 0; i < w; i++)
        if (set[i]) return 64 * i + LOWEST(set[i]);
    return -1;
}
INLINE int64_t highest(int64_t w, const Word *set) {
    for (int64_t i = w - 1; i >= 0; i--)
        if (set[i]) return 64 * i + HIGHEST(set[i]);
    return -1;
}
INLINE int64_t size(int64_t w, const Word *set) {
    int64_t n = 0;
    for (int64_t i = 0; i < w; i++) n += ONES(set[i]);
    return n;
}
INLINE int has(const Word *set, int64_t bit) { return (int)(set[bit >> 6] >> (bit & 63) & 1); }
INLINE void put(Word *set, int64_t bit) { set[bit >> 6] |= (Word)1 << (bit & 63); }
INLINE void drop(Word *set, int64_t bit) { set[bit >> 6] &= ~((Word)1 << (bit & 63)); }

static void rules_done(Rules *r) {
    free(r->left);
    free(r->first);
}

/* `pairs` holds left and right in turn; those without a left side hold always */
static int rules_made(Rules *r, int64_t w, int64_t names, int64_t count, const Word *pairs) {
    memset(r, 0, sizeof *r);
    r->words = w, r->names = names, r->count = count;
    r->left = calloc((size_t)((2 * count + 2) * w), sizeof(Word));
    r->first = calloc((size_t)(2 * names + 2 * count + 2), sizeof(int32_t));
    if (!r->left || !r->first) {
        rules_done(r);
        return 0;
    }
    r->right = r->left + count * w, r->always = r->right + count * w, r->todo = r->always + w;
    r->listed = r->first + names + 1, r->moved = r->listed + count, r->next = r->moved + names;
    for (int64_t p = 0; p < count; p++) {
        copy(w, r->left + p * w, pairs + 2 * p * w);
        copy(w, r->right + p * w, pairs + (2 * p + 1) * w);
        int64_t low = lowest(w, r->left + p * w);
        if (low >= 0) r->first[low + 1]++;
        else
            for (int64_t i = 0; i < w; i++) r->always[i] |= r->right[p * w + i];
    }
    for (int64_t a = 0; a < names; a++) r->first[a + 1] += r->first[a];
    memcpy(r->moved, r->first, (size_t)names * sizeof(int32_t));
    for (int64_t p = 0; p < count; p++) {
        int64_t low = lowest(w, r->left + p * w);
        if (low >= 0) r->listed[r->moved[low]++] = (int32_t)p;
    }
    return 1;
}

/* one dependency whose turn it is: it waits for an attribute that is missing, or adds what it gives */
INLINE void met(int64_t w, Rules *r, int32_t p, Word *known) {
    const Word *left = r->left + p * w, *right = r->right + p * w;
    for (int64_t i = 0; i < w; i++) {
        Word open = left[i] & ~known[i];
        if (open) {
            int64_t low = 64 * i + LOWEST(open);
            r->next[p] = r->moved[low];
            r->moved[low] = p;
            return;
        }
    }
    for (int64_t i = 0; i < w; i++) {
        Word gained = right[i] & ~known[i];
        known[i] |= gained;
        r->todo[i] |= gained;
    }
}

INLINE void closed_in(int64_t w, Rules *r, const Word *start, const Word *goal, Word *known) {
    Word *todo = r->todo;
    for (int64_t i = 0; i < w; i++) known[i] = todo[i] = start[i] | r->always[i];
    memset(r->moved, 0xff, (size_t)r->names * sizeof(int32_t));
    for (int64_t i = 0; i < w;) {
        if (!todo[i]) {
            i++;
            continue;
        }
        if (goal && within(w, goal, known)) return;
        int64_t bit = 64 * i + LOWEST(todo[i]);
        todo[i] &= todo[i] - 1;
        for (int32_t at = r->first[bit]; at < r->first[bit + 1]; at++) met(w, r, r->listed[at], known);
        for (int32_t p = r->moved[bit], after; p >= 0; p = after) {
            after = r->next[p];
            met(w, r, p, known);
        }
        r->moved[bit] = -1;
        for (i = 0; i < w && !todo[i]; i++) continue;
    }
}

/* the closure of a set; with a goal, a part of it that holds the goal is enough */
static void closed(Rules *r, const Word *start, const Word *goal, Word *known) {
    switch (r->words) {
    case 1: closed_in(1, r, start, goal, known); break;
    case 2: closed_in(2, r, start, goal, known); break;
    case 3: closed_in(3, r, start, goal, known); break;
    case 4: closed_in(4, r, start, goal, known); break;
    default: closed_in(r->words, r, start, goal, known);
    }
}

typedef int (*Before)(int64_t w, const Word *one, const Word *other);

/* smaller sets first, then as numbers */
static int by_size(int64_t w, const Word *one, const Word *other) {
    int64_t less = size(w, one) - size(w, other);
    if (less) return less < 0;
    for (int64_t i = w - 1; i >= 0; i--)
        if (one[i] != other[i]) return one[i] < other[i];
    return 0;
}

/* as the sorted lists of their attributes are sorted */
static int by_name(int64_t w, const Word *one, const Word *other) {
    for (int64_t i = 0; i < w; i++) {
        Word differ = one[i] ^ other[i];
        if (!differ) continue;
        int bit = LOWEST(differ);
        int mine = (int)(one[i] >> bit & 1);
        const Word *rest = mine ? other : one; /* what follows in the set without this attribute */
        Word more = bit == 63 ? 0 : rest[i] >> (bit + 1);
        for (int64_t k = i + 1; k < w; k++) more |= rest[k];
        return more ? mine : !mine; /* a set that ends here comes first */
    }
    return 0;
}

/* pairs of rows, sorted by the first: by merging */
static int sorted(int64_t w, int64_t count, Word *pairs, Before before) {
    int64_t each = 2 * w;
    Word *other = malloc((size_t)(count * each + 1) * sizeof(Word)), *from = pairs, *to = other;
    if (!other) return 0;
    for (int64_t run = 1; run < count; run *= 2) {
        for (int64_t start = 0; start < count; start += 2 * run) {
            int64_t middle = start + run < count ? start + run : count, end = middle + run < count ? middle + run : count;
            for (int64_t a = start, b = middle, k = start; k < end; k++) {
                int second = a == middle || (b < end && before(w, from + b * each, from + a * each));
                copy(each, to + k * each, from + (second ? b++ : a++) * each);
            }
        }
        Word *turn = from;
        from = to, to = turn;
    }
    if (from != pairs) copy(count * each, pairs, from);
    free(other);
    return 1;
}

/* sorted pairs with those of one left side made one; what is left of itself on the right goes */
static int64_t merged(int64_t w, int64_t count, Word *pairs) {
    int64_t kept = 0;
    for (int64_t p = 0; p < count; p++) {
        Word *here = pairs + 2 * p * w, *last = pairs + 2 * (kept - 1) * w;
        for (int64_t i = 0; i < w; i++) here[w + i] &= ~here[i];
        if (kept && equal(w, here, last)) {
            for (int64_t i = 0; i < w; i++) last[w + i] |= here[w + i];
        } else {
            copy(2 * w, pairs + 2 * kept * w, here);
            kept++;
        }
    }
    return kept;
}

/* what one dependency gives, and what more than one does */
static void given(int64_t w, int64_t count, const Word *pairs, Word *once, Word *twice) {
    memset(once, 0, (size_t)w * sizeof(Word));
    memset(twice, 0, (size_t)w * sizeof(Word));
    for (int64_t p = 0; p < count; p++)
        for (int64_t i = 0; i < w; i++) {
            Word right = pairs[(2 * p + 1) * w + i];
            twice[i] |= once[i] & right;
            once[i] |= right;
        }
}

/* without what is extraneous on the left, the first by name dropped first; `made` has room for each attribute on a right */
static int64_t left_reduced(Rules *r, int64_t count, const Word *pairs, Word *made, Word *room) {
    int64_t w = r->words, found = 0;
    Word *once = room, *twice = once + w, *gained = twice + w, *rest = gained + w, *goal = rest + w, *reach = goal + w;
    Word *without = reach + w; /* one row for each attribute */
    given(w, count, pairs, once, twice);
    for (int64_t p = 0; p < count; p++) {
        const Word *left = pairs + 2 * p * w, *right = left + w;
        if (empty(w, right)) continue;
        Word *kept = made + 2 * found * w;
        copy(2 * w, kept, left);
        if (!meet(w, left, once) && !meet(w, right, twice)) { /* nothing else determines either side */
            found++;
            continue;
        }
        memset(gained, 0, (size_t)w * sizeof(Word));
        for (int64_t i = 0; i < w; i++)
            for (Word open = left[i]; open; open &= open - 1) {
                int64_t bit = 64 * i + LOWEST(open);
                copy(w, rest, left);
                drop(rest, bit);
                closed(r, rest, NULL, without + bit * w);
                for (int64_t k = 0; k < w; k++) gained[k] |= without[bit * w + k];
            }
        for (int64_t i = 0; i < w; i++) kept[w + i] = right[i] & ~gained[i];
        if (!empty(w, kept + w)) found++;
        for (int64_t i = 0; i < w; i++)
            for (Word open = right[i] & gained[i]; open; open &= open - 1) {
                int64_t bit = 64 * i + LOWEST(open), first = -1;
                memset(goal, 0, (size_t)w * sizeof(Word));
                put(goal, bit);
                copy(w, rest, left);
                for (int64_t k = 0; k < w && first < 0; k++)
                    for (Word on = left[k]; on && first < 0; on &= on - 1) {
                        int64_t one = 64 * k + LOWEST(on);
                        if (has(without + one * w, bit)) first = one;
                    }
                drop(rest, first);
                for (int64_t k = 0; k < w; k++)
                    for (Word on = rest[k]; on; on &= on - 1) {
                        int64_t one = 64 * k + LOWEST(on);
                        drop(rest, one);
                        closed(r, rest, goal, reach);
                        if (!has(reach, bit)) put(rest, one);
                    }
                if (has(rest, bit)) continue;
                copy(w, made + 2 * found * w, rest);
                copy(w, made + (2 * found + 1) * w, goal);
                found++;
            }
    }
    return found;
}

/* without what follows from the others; the longest left sides are tried first */
static void irredundant(Rules *r, const Word *twice, Word *goal, Word *reach) {
    int64_t w = r->words;
    for (int64_t p = r->count - 1; p >= 0; p--) {
        Word *left = r->left + p * w, *right = r->right + p * w;
        if (empty(w, left)) continue;
        for (int64_t i = 0; i < w; i++)
            for (Word open = right[i] & twice[i]; open; open &= open - 1) {
                int64_t bit = 64 * i + LOWEST(open);
                memset(goal, 0, (size_t)w * sizeof(Word));
                put(goal, bit);
                drop(right, bit);
                closed(r, left, goal, reach);
                if (!has(reach, bit)) put(right, bit);
            }
    }
    memset(goal, 0, (size_t)w * sizeof(Word));
    for (int64_t p = 0; p < r->count; p++) {
        Word *left = r->left + p * w, *right = r->right + p * w;
        if (!empty(w, left)) continue;
        for (int64_t i = 0; i < w; i++)
            for (Word open = right[i]; open; open &= open - 1) {
                int64_t bit = 64 * i + LOWEST(open);
                drop(r->always, bit);
                closed(r, left, NULL, reach);
                if (has(reach, bit)) drop(right, bit);
                else put(r->always, bit);
            }
    }
}

/* The canonical cover of `count` pairs, in the order of their names, into `made`, which has room for as many pairs as there are
   attributes on right sides, or for `count` if that is more. Says how many there are. */
PUBLIC int64_t reduced(int64_t w, int64_t names, int64_t count, Word *pairs, Word *made) {
    Rules r;
    Word *room = malloc((size_t)((names + 8) * w + 1) * sizeof(Word));
    if (!room || !sorted(w, count, pairs, by_size) || !rules_made(&r, w, names, count = merged(w, count, pairs), pairs)) {
        free(room);
        return -1;
    }
    int64_t found = left_reduced(&r, count, pairs, made, room);
    rules_done(&r);
    if (!sorted(w, found, made, by_size)) {
        free(room);
        return -1;
    }
    found = merged(w, found, made);
    Word *once = room, *twice = room + w, *goal = twice + w, *reach = goal + w;
    given(w, found, made, once, twice);
    if (!empty(w, twice)) {
        if (!rules_made(&r, w, names, found, made)) {
            free(room);
            return -1;
        }
        irredundant(&r, twice, goal, reach);
        int64_t kept = 0;
        for (int64_t p = 0; p < found; p++) {
            if (empty(w, r.right + p * w)) continue;
            copy(w, made + 2 * kept * w, r.left + p * w);
            copy(w, made + (2 * kept + 1) * w, r.right + p * w);
            kept++;
        }
        found = kept;
        rules_done(&r);
    }
    free(room);
    return sorted(w, found, made, by_name) ? found : -1;
}
