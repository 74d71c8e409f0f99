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
    int32_t *gives, *givers; /* by attribute: where those that give it begin in `givers`; made when they are asked for first */
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
    free(r->gives);
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

enum { FEW_NAMES = 24 };

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

static int givers_made(Rules *r) {
    int64_t w = r->words, many = 0;
    for (int64_t p = 0; p < r->count; p++) many += size(w, r->right + p * w);
    if (!(r->gives = calloc((size_t)(r->names + 2 + many), sizeof(int32_t)))) return 0;
    r->givers = r->gives + r->names + 2;
    int32_t *from = r->gives + 1;
    for (int64_t at = 0; at < r->count * w; at++)
        for (Word open = r->right[at]; open; open &= open - 1) from[64 * (at % w) + LOWEST(open) + 1]++;
    for (int64_t a = 0; a < r->names; a++) from[a + 1] += from[a];
    for (int64_t at = 0; at < r->count * w; at++)
        for (Word open = r->right[at]; open; open &= open - 1) r->givers[from[64 * (at % w) + LOWEST(open)]++] = (int32_t)(at / w);
    return 1; /* each has moved on to where the next one began, which is where it belongs */
}

enum { PASSES = 3 };

/* for a set that holds most attributes: looks for what gives each of the others. Whether that is all that follows */
INLINE int backwards(int64_t w, Rules *r, const Word *goal, Word *known) {
    if (!r->gives && !givers_made(r)) return 0;
    for (int64_t pass = 0; pass < PASSES; pass++) {
        int changed = 0;
        for (int64_t i = 0; i < w; i++) {
            Word all = r->names - 64 * i >= 64 ? ~(Word)0 : ((Word)1 << (r->names - 64 * i)) - 1;
            for (Word open = all & ~known[i]; open; open &= open - 1) {
                int64_t bit = 64 * i + LOWEST(open);
                for (int32_t at = r->gives[bit]; at < r->gives[bit + 1]; at++) {
                    const Word *left = r->left + r->givers[at] * w, *right = r->right + r->givers[at] * w;
                    if (!has(right, bit) || !within(w, left, known)) continue;
                    for (int64_t k = 0; k < w; k++) known[k] |= right[k];
                    open &= ~right[i] | (open & -open);
                    changed = 1;
                    break;
                }
            }
        }
        if (!changed || (goal && within(w, goal, known))) return 1;
    }
    return 0;
}

INLINE void closed_in(int64_t w, Rules *r, const Word *start, const Word *goal, Word *known) {
    Word *todo = r->todo;
    int64_t have = 0;
    for (int64_t i = 0; i < w; i++) have += ONES(known[i] = start[i] | r->always[i]);
    if (2 * have > r->names && r->names > FEW_NAMES && backwards(w, r, goal, known)) return;
    copy(w, todo, known);
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
                drop(right, bit);
                closed(r, left, NULL, reach);
                if (has(reach, bit)) continue;
                put(r->always, bit);
                put(right, bit);
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
        if (!givers_made(&r)) { /* now, as long as all of them are there */
            rules_done(&r);
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

/* The closures of `count` sets. */
PUBLIC int64_t closures(int64_t w, int64_t names, int64_t pairs, const Word *rules, int64_t count, const Word *starts, Word *made) {
    Rules r;
    if (!rules_made(&r, w, names, pairs, rules)) return -1;
    for (int64_t at = 0; at < count; at++) closed(&r, starts + at * w, NULL, made + at * w);
    rules_done(&r);
    return count;
}

/* what is left of a key when each attribute that the others determine is dropped, the last first; says how many closures it took */
static int64_t minimal(Rules *r, Word *key, Word *goal, Word *reach) {
    int64_t w = r->words, spent = 0;
    for (int64_t i = w - 1; i >= 0; i--)
        for (Word open = key[i]; open;) {
            int64_t bit = 64 * i + HIGHEST(open);
            open ^= (Word)1 << (bit & 63);
            memset(goal, 0, (size_t)w * sizeof(Word));
            put(goal, bit);
            drop(key, bit);
            closed(r, key, goal, reach);
            spent++;
            if (!has(reach, bit)) put(key, bit);
        }
    return spent;
}

/* What a caller asks of a search for keys, and what came of it. */
typedef struct {
    int64_t most;     /* keys wanted */
    int64_t closures; /* that may be taken for them, roughly */
    int64_t found;    /* keys that were written */
    int64_t spent;    /* closures since the last of them */
    int64_t status;   /* whether the search goes on */
} Asked;

enum { GOES_ON = 0, ENDED = 1, IMPATIENT = 2, SHORT_OF_MEMORY = 3 };

/* a set of sets, kept in the order in which they came */
typedef struct {
    int64_t words, count, room, slots;
    Word *sets;
    int64_t *table; /* one more than the place of a set, or 0 */
} Sets;

static uint64_t mixed(int64_t w, const Word *set) {
    uint64_t h = 0x9e3779b97f4a7c15u;
    for (int64_t i = 0; i < w; i++) {
        h = (h ^ set[i]) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return h;
}

static int64_t *place(const Sets *all, const Word *set) {
    for (uint64_t at = mixed(all->words, set);; at++) {
        int64_t *slot = all->table + (at & (uint64_t)(all->slots - 1));
        if (!*slot || equal(all->words, all->sets + (*slot - 1) * all->words, set)) return slot;
    }
}

/* 1 where the set is new, 0 where it is not, -1 where memory is short */
static int added(Sets *all, const Word *set) {
    if (2 * all->count >= all->slots) {
        int64_t slots = all->slots ? 2 * all->slots : 64;
        int64_t *table = calloc((size_t)slots, sizeof *table);
        if (!table) return -1;
        free(all->table);
        all->table = table, all->slots = slots;
        for (int64_t at = 0; at < all->count; at++) *place(all, all->sets + at * all->words) = at + 1;
    }
    int64_t *slot = place(all, set);
    if (*slot) return 0;
    if (all->count == all->room) {
        int64_t room = all->room ? 2 * all->room : 64;
        Word *sets = realloc(all->sets, (size_t)(room * all->words) * sizeof(Word));
        if (!sets) return -1;
        all->sets = sets, all->room = room;
    }
    copy(all->words, all->sets + all->count * all->words, set);
    *slot = ++all->count;
    return 1;
}

/* keys by exchanges: see _exchanged in keys.py */
typedef struct {
    Rules rules;
    Sets seen;
    int64_t *found, count, room; /* places in `seen` */
    int64_t key, pair;           /* the key that is looked at, and the dependency that is next; -1 before the key is told */
    Word *superkey, *fresh, *goal, *reach;
} Exchanges;

PUBLIC void exchanges_done(Exchanges *e) {
    if (!e) return;
    rules_done(&e->rules);
    free(e->seen.sets);
    free(e->seen.table);
    free(e->found);
    free(e->superkey);
    free(e);
}

static int listed(Exchanges *e) {
    if (e->count == e->room) {
        int64_t room = e->room ? 2 * e->room : 64;
        int64_t *found = realloc(e->found, (size_t)room * sizeof *found);
        if (!found) return 0;
        e->found = found, e->room = room;
    }
    e->found[e->count++] = e->seen.slots ? *place(&e->seen, e->fresh) - 1 : 0;
    return 1;
}

PUBLIC Exchanges *exchanges(int64_t w, int64_t names, int64_t count, const Word *pairs, const Word *members) {
    Exchanges *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->seen.words = w, e->pair = -1;
    e->superkey = malloc((size_t)(4 * w) * sizeof(Word));
    if (!e->superkey || !rules_made(&e->rules, w, names, count, pairs)) {
        free(e->superkey);
        free(e);
        return NULL;
    }
    e->fresh = e->superkey + w, e->goal = e->fresh + w, e->reach = e->goal + w;
    copy(w, e->fresh, members);
    return e;
}

/* more keys, each with the closures that it took since the one before */
PUBLIC void exchanged(Exchanges *e, Asked *asked, Word *keys, int64_t *spent) {
    Rules *r = &e->rules;
    int64_t w = r->words, taken = 0;
    asked->found = asked->spent = 0, asked->status = SHORT_OF_MEMORY;
    if (!e->count) {
        asked->spent += minimal(r, e->fresh, e->goal, e->reach);
        if (added(&e->seen, e->fresh) < 0 || !listed(e)) return;
    }
    while (e->key < e->count) {
        if (e->pair < 0) {
            if (asked->found == asked->most) {
                asked->status = GOES_ON;
                return;
            }
            copy(w, keys + asked->found * w, e->seen.sets + e->found[e->key] * w);
            spent[asked->found++] = asked->spent;
            taken += asked->spent, asked->spent = 0, e->pair = 0;
        }
        for (; e->pair < r->count; e->pair++) {
            const Word *key = e->seen.sets + e->found[e->key] * w, *left = r->left + e->pair * w, *right = r->right + e->pair * w;
            if (!meet(w, key, right)) continue;
            if (taken + asked->spent > asked->closures) {
                asked->status = GOES_ON;
                return;
            }
            for (int64_t i = 0; i < w; i++) e->superkey[i] = e->fresh[i] = left[i] | (key[i] & ~right[i]);
            int new = added(&e->seen, e->superkey);
            if (new < 0) return;
            if (!new) continue;
            asked->spent += minimal(r, e->fresh, e->goal, e->reach);
            new = equal(w, e->fresh, e->superkey) ? 1 : added(&e->seen, e->fresh);
            if (new < 0 || (new && !listed(e))) return;
        }
        e->key++, e->pair = -1;
    }
    asked->status = ENDED;
}

/* keys by a search tree: see key_search.py */
typedef struct {
    Rules own, *rules;
    int64_t members_count, patience, looked, depth, began;
    int64_t edges, room, wide; /* edges are the bits of rows of `wide` words */
    Word *edge;                /* `room` rows of attributes */
    Word *holding;             /* by attribute: the edges that hold it */
    Word *taken, *allowed, *choices, *unmet, *once; /* by depth */
    Word *members, *reach, *wider, *goal, *start, *others, *holds;
    int64_t spent;
} Search;

enum { LOOKED_AT = 6 };

PUBLIC void search_done(Search *s) {
    if (!s) return;
    rules_done(&s->own);
    free(s->edge);
    free(s->holding);
    free(s->taken);
    free(s->unmet);
    free(s->holds);
    free(s->members);
    free(s);
}

/* room for twice as many edges */
static int widened(Search *s) {
    int64_t w = s->rules->words, names = s->rules->names, nodes = s->members_count + 2;
    int64_t room = s->room ? 2 * s->room : 64, wide = room / 64;
    Word *edge = realloc(s->edge, (size_t)(room * w) * sizeof(Word));
    if (!edge) return 0;
    s->edge = edge;
    Word *holding = calloc((size_t)(names * wide), sizeof(Word)), *unmet = calloc((size_t)(2 * nodes * wide), sizeof(Word));
    Word *holds = malloc((size_t)wide * sizeof(Word));
    if (!holding || !unmet || !holds) {
        free(holding);
        free(unmet);
        free(holds);
        return 0;
    }
    for (int64_t a = 0; a < names && s->room; a++) copy(s->wide, holding + a * wide, s->holding + a * s->wide);
    for (int64_t d = 0; d < nodes && s->room; d++) {
        copy(s->wide, unmet + d * wide, s->unmet + d * s->wide);
        copy(s->wide, unmet + (nodes + d) * wide, s->once + d * s->wide);
    }
    if (s->room) copy(s->wide, holds, s->holds);
    for (int64_t i = s->room ? s->wide : 0; i < wide; i++) holds[i] = 0;
    free(s->holding);
    free(s->unmet);
    free(s->holds);
    s->holding = holding, s->unmet = unmet, s->once = unmet + nodes * wide, s->holds = holds;
    s->room = room, s->wide = wide;
    return 1;
}

static Search *search_under(Rules *rules, const Word *members, int64_t patience) {
    Search *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    int64_t w = rules->words, nodes = size(w, members) + 2;
    s->rules = rules, s->members_count = nodes - 2, s->patience = patience;
    s->taken = calloc((size_t)(3 * nodes * w), sizeof(Word));
    s->members = calloc((size_t)(6 * w), sizeof(Word));
    if (!s->taken || !s->members || !widened(s)) {
        search_done(s);
        return NULL;
    }
    s->allowed = s->taken + nodes * w, s->choices = s->allowed + nodes * w;
    s->reach = s->members + w, s->wider = s->reach + w, s->goal = s->wider + w, s->start = s->goal + w;
    s->others = s->start + w;
    copy(w, s->members, members);
    copy(w, s->allowed, members);
    s->depth = 1;
    return s;
}

PUBLIC Search *search(
    int64_t w, int64_t names, int64_t count, const Word *pairs, const Word *members, int64_t patience
) {
    Rules r;
    if (!rules_made(&r, w, names, count, pairs)) return NULL;
    Search *s = search_under(&r, members, patience);
    if (!s) rules_done(&r);
    else s->own = r, s->rules = &s->own;
    return s;
}

/* the complement of a set that is no superkey, known to every node on the path */
static int edge_added(Search *s, const Word *no_superkey) {
    if (s->edges == s->room && !widened(s)) return 0;
    int64_t w = s->rules->words, number = s->edges++;
    Word *edge = s->edge + number * w;
    for (int64_t i = 0; i < w; i++) edge[i] = s->members[i] & ~no_superkey[i];
    for (int64_t i = 0; i < w; i++)
        for (Word open = edge[i]; open; open &= open - 1) put(s->holding + (64 * i + LOWEST(open)) * s->wide, number);
    for (int64_t d = 0; d < s->depth; d++) {
        int64_t common = 0;
        for (int64_t i = 0; i < w; i++) common += ONES(s->taken[d * w + i] & edge[i]);
        if (common < 2) put((common ? s->once : s->unmet) + d * s->wide, number);
    }
    return 1;
}

/* the closure of a set within the members */
static void reached(Search *s, const Word *start, const Word *goal, Word *reach) {
    closed(s->rules, start, goal, reach);
    for (int64_t i = 0; i < s->rules->words; i++) reach[i] &= s->members[i];
    s->spent++;
}

/* whether the last node on the path is a key; else it has its choices afterwards; -1 where memory is short */
static int opened(Search *s) {
    int64_t w = s->rules->words, d = s->depth - 1;
    Word *allowed = s->allowed + d * w, *choices = s->choices + d * w;
    if (empty(s->wide, s->unmet + d * s->wide)) {
        reached(s, s->taken + d * w, s->members, s->reach);
        if (equal(w, s->reach, s->members)) return 1;
        for (int64_t i = 0; i < w; i++) s->others[i] = s->members[i] & ~s->reach[i];
        for (int64_t i = 0; i < w; i++)
            for (Word open = s->others[i]; open; open &= open - 1) {
                copy(w, s->start, s->reach);
                put(s->start, 64 * i + LOWEST(open));
                reached(s, s->start, s->members, s->wider);
                if (!equal(w, s->wider, s->members)) copy(w, s->reach, s->wider);
            }
        if (!edge_added(s, s->reach)) return -1;
    }
    const Word *unmet = s->unmet + d * s->wide;
    int64_t fewest = -1, looked = 0;
    for (int64_t i = 0; i < s->wide && looked < LOOKED_AT; i++)
        for (Word open = unmet[i]; open && looked < LOOKED_AT; open &= open - 1) {
            const Word *edge = s->edge + (64 * i + LOWEST(open)) * w;
            int64_t many = 0;
            looked++;
            for (int64_t k = 0; k < w; k++) many += ONES(edge[k] & allowed[k]);
            if (fewest < 0 || many < fewest) {
                fewest = many;
                for (int64_t k = 0; k < w; k++) choices[k] = edge[k] & allowed[k];
            }
            if (!many) looked = LOOKED_AT;
        }
    for (int64_t k = 0; k < w; k++) allowed[k] &= ~choices[k];
    return 0;
}

/* the node with one attribute more, at the end of the path; 0 where another one is then not needed in any key */
static int with_one(Search *s, int64_t bit) {
    int64_t w = s->rules->words, d = s->depth - 1;
    copy(s->wide, s->holds, s->holding + bit * s->wide);
    Word *once = s->once + (d + 1) * s->wide;
    for (int64_t i = 0; i < s->wide; i++)
        once[i] = (s->once[d * s->wide + i] & ~s->holds[i]) | (s->unmet[d * s->wide + i] & s->holds[i]);
    for (int64_t k = 0; k < w; k++)
        for (Word open = s->taken[d * w + k]; open; open &= open - 1) {
            int64_t other = 64 * k + LOWEST(open);
            if (meet(s->wide, s->holding + other * s->wide, once)) continue;
            copy(w, s->start, s->taken + d * w);
            put(s->start, bit);
            drop(s->start, other);
            memset(s->goal, 0, (size_t)w * sizeof(Word));
            put(s->goal, other);
            reached(s, s->start, s->goal, s->reach);
            if (has(s->reach, other)) return 0;
            for (int64_t i = 0; i < w; i++) s->others[i] = s->members[i] & ~s->reach[i] & ~s->goal[i];
            for (int64_t i = 0; i < w; i++)
                for (Word more = s->others[i]; more; more &= more - 1) {
                    copy(w, s->start, s->reach);
                    put(s->start, 64 * i + LOWEST(more));
                    reached(s, s->start, s->goal, s->wider);
                    if (!has(s->wider, other)) copy(w, s->reach, s->wider);
                }
            if (!edge_added(s, s->reach)) return -1;
            once = s->once + (d + 1) * s->wide; /* it may have moved */
            put(once, s->edges - 1);
        }
    copy(w, s->taken + (d + 1) * w, s->taken + d * w);
    put(s->taken + (d + 1) * w, bit);
    copy(w, s->allowed + (d + 1) * w, s->allowed + d * w);
    for (int64_t i = 0; i < s->wide; i++) s->unmet[(d + 1) * s->wide + i] = s->unmet[d * s->wide + i] & ~s->holds[i];
    return 1;
}

/* more keys, each with the closures that it took since the one before */
PUBLIC void searched(Search *s, Asked *asked, Word *keys, int64_t *spent) {
    int64_t w = s->rules->words, taken = 0;
    asked->found = 0, asked->status = SHORT_OF_MEMORY;
    s->spent = 0;
    if (!s->began) {
        s->began = 1;
        int key = opened(s);
        if (key < 0) return;
        if (key) {
            copy(w, keys, s->taken);
            spent[asked->found++] = s->spent;
            s->spent = s->depth = 0;
        }
    }
    while (s->depth) {
        if (asked->found == asked->most || taken + s->spent > asked->closures) break;
        int64_t d = s->depth - 1, bit = lowest(w, s->choices + d * w);
        if (bit < 0) {
            s->depth--;
            continue;
        }
        drop(s->choices + d * w, bit);
        if (++s->looked % s->patience == 0) {
            asked->spent = s->spent, asked->status = IMPATIENT;
            return;
        }
        int child = with_one(s, bit);
        if (child < 0) return;
        if (!child) continue;
        put(s->allowed + d * w, bit);
        s->depth++;
        int key = opened(s);
        if (key < 0) return;
        if (!key) continue;
        s->depth--;
        s->looked = 0;
        copy(w, keys + asked->found * w, s->taken + (d + 1) * w);
        spent[asked->found++] = s->spent;
        taken += s->spent, s->spent = 0;
    }
    asked->spent = s->spent, asked->status = s->depth ? GOES_ON : ENDED;
}

/* One key of `whole`, which holds every attribute of the pairs: see one_key and short_key in keys.py. Returns -1 where memory is
   short, else 0. */
PUBLIC int64_t key_of(int64_t w, int64_t names, int64_t count, const Word *pairs, const Word *whole, int64_t is_short, Word *key) {
    Rules r;
    Word *room = calloc((size_t)(7 * w + 2 * count * w + names * w + 1), sizeof(Word));
    int64_t *order = malloc((size_t)(2 * names + 1) * sizeof *order), *sizes = order ? order + names : NULL;
    if (!room || !order || !rules_made(&r, w, names, count, pairs)) {
        free(room);
        free(order);
        return -1;
    }
    Word *core = room, *known = core + w, *middle = known + w, *goal = middle + w, *reach = goal + w, *members = reach + w;
    Word *taken = members + w, *kept = taken + w, *reaches = kept + 2 * count * w;
    for (int64_t i = 0; i < w; i++) core[i] = whole[i];
    for (int64_t p = 0; p < count; p++) {
        const Word *left = pairs + 2 * p * w, *right = left + w;
        for (int64_t i = 0, all = within(w, right, left); i < w && !all; i++) {
            core[i] &= ~right[i] | left[i];
            middle[i] |= left[i];
        }
    }
    closed(&r, core, NULL, known);
    rules_done(&r);
    for (int64_t i = 0; i < w; i++) middle[i] &= ~known[i];
    int64_t left_over = 0;
    for (int64_t p = 0; p < count; p++) { /* what determines nothing is in no key, and a key of the middle determines it too */
        const Word *left = pairs + 2 * p * w, *right = left + w;
        Word *x = kept + 2 * left_over * w, *y = x + w;
        for (int64_t i = 0; i < w; i++) x[i] = left[i] & ~known[i], y[i] = right[i] & middle[i] & ~left[i];
        if (empty(w, y)) continue;
        for (int64_t i = 0; i < w; i++) members[i] |= x[i] | y[i];
        left_over++;
    }
    if (!rules_made(&r, w, names, left_over, kept)) {
        free(room);
        free(order);
        return -1;
    }
    if (!is_short) {
        minimal(&r, members, goal, reach);
        for (int64_t i = 0; i < w; i++) key[i] = core[i] | members[i];
    } else {
        int64_t some = 0;
        memset(known, 0, (size_t)w * sizeof(Word));
        for (int64_t a = 0; a < names; a++) {
            if (!has(members, a)) continue;
            memset(goal, 0, (size_t)w * sizeof(Word));
            put(goal, a);
            closed(&r, goal, NULL, reaches + a * w);
            int64_t many = sizes[a] = size(w, reaches + a * w), at = some++;
            for (; at && sizes[order[at - 1]] < many; at--) order[at] = order[at - 1];
            order[at] = a;
        }
        int64_t first = 0;
        for (int64_t at = 0; at < some; at++) { /* what determines most is taken first */
            int64_t a = order[at];
            if (has(known, a)) continue;
            order[first++] = a;
            put(taken, a);
            for (int64_t i = 0; i < w; i++) goal[i] = known[i] | reaches[a * w + i];
            closed(&r, goal, NULL, known);
        }
        while (first--) { /* and dropped last */
            memset(goal, 0, (size_t)w * sizeof(Word));
            put(goal, order[first]);
            drop(taken, order[first]);
            closed(&r, taken, goal, reach);
            if (!has(reach, order[first])) put(taken, order[first]);
        }
        for (int64_t i = 0; i < w; i++) key[i] = core[i] | taken[i];
    }
    rules_done(&r);
    free(room);
    free(order);
    return 0;
}

/* For each of some different sets, sorted by size with the largest first, the place of the first one that holds it and that no
   other holds in turn; its own where there is none. */
PUBLIC void contained(int64_t w, int64_t count, const Word *sets, int64_t *homes) {
    for (int64_t at = 0; at < count; at++) {
        homes[at] = at;
        for (int64_t other = 0; other < at; other++)
            if (homes[other] == other && within(w, sets + at * w, sets + other * w)) {
                homes[at] = other;
                break;
            }
    }
}

/* The keys of several parts, at most `most` of each, into so many rows of `made` for each, and how many there are into `found`:
   none where the key that is given of a part is its only one. Returns -1 where memory is short, else 0. */
PUBLIC int64_t part_keys(
    int64_t w, int64_t names, int64_t count, const Word *pairs, int64_t parts, const Word *sets, const Word *keys, int64_t most,
    Word *made, int64_t *found
) {
    Rules r;
    Word *room = malloc((size_t)(3 * w) * sizeof(Word)), *rest = room, *goal = room + w, *reach = goal + w;
    int64_t *spent = malloc((size_t)(most + 1) * sizeof *spent), failed = -1;
    if (!room || !spent || !rules_made(&r, w, names, count, pairs)) {
        free(room);
        free(spent);
        return -1;
    }
    for (int64_t at = 0; at < parts; at++) {
        const Word *part = sets + at * w, *key = keys + at * w;
        int others = 0;
        found[at] = 0;
        for (int64_t i = 0; i < w && !others; i++)
            for (Word open = key[i]; open && !others; open &= open - 1) {
                int64_t bit = 64 * i + LOWEST(open);
                memset(goal, 0, (size_t)w * sizeof(Word));
                put(goal, bit);
                copy(w, rest, part);
                drop(rest, bit);
                closed(&r, rest, goal, reach);
                others = has(reach, bit);
            }
        if (!others) continue; /* every key holds this one, and is it */
        Search *s = search_under(&r, part, INT64_MAX);
        if (!s) goto done;
        Asked asked = {.most = most, .closures = INT64_MAX / 2};
        searched(s, &asked, made + at * most * w, spent);
        search_done(s);
        if (asked.status == SHORT_OF_MEMORY) goto done;
        found[at] = asked.found;
    }
    failed = 0;
done:
    rules_done(&r);
    free(room);
    free(spent);
    return failed;
}

/* Closures between names. What the interpreter is asked for stands in `py`, which kernels.py fills, so that no header of Python is
   needed and one library serves every version: all of it is in Python's stable interface. The lock of the interpreter is held. */
typedef struct Object Object;

static struct {
    Object *(*type_of)(Object *);
    Object *(*attribute)(Object *, Object *);
    Object *(*iterator)(Object *);
    Object *(*following)(Object *);
    Object *(*dictionary)(void);
    Object *(*item)(Object *, Object *); /* borrowed */
    int (*put_item)(Object *, Object *, Object *);
    void (*clear)(Object *);
    intptr_t (*many)(Object *);
    Object *(*number)(long);
    long (*as_number)(Object *);
    Object *(*frozen)(Object *);
    int (*add)(Object *, Object *);
    Object *(*call)(Object *, ...);
    Object *(*error)(void); /* borrowed */
    void (*forget)(void);
    Object *(*capsule)(void *, const char *, void (*)(Object *));
    void *(*inside)(Object *, const char *);
    Object *(*function)(void *, Object *, Object *);
    void (*keep)(Object *);
    void (*let)(Object *);
    Object *(*no_memory)(void);
    int (*next)(Object *, intptr_t *, Object **, Object **); /* borrowed */
    Object *(*keys)(Object *);
    int (*sort)(Object *);
    Object *(*at)(Object *, intptr_t); /* borrowed */
    char *(*octets)(Object *);
    Object *(*from_octets)(const char *, intptr_t);
    Object *(*tuple)(intptr_t);
    int (*put_at)(Object *, intptr_t, Object *); /* takes what it puts */
    Object *(*blank)(Object *, intptr_t);
    int (*put_attribute)(Object *, Object *, Object *);
    Object *none, *set, *frozenset, *list, *tuple_type, *fd, *determinant, *dependent; /* the last two are names of attributes */
} py;

PUBLIC int64_t met_python(void **given, int64_t bytes) {
    if (bytes != (int64_t)sizeof py) return -1;
    memcpy(&py, given, sizeof py);
    return 0;
}

enum { KEPT = 256, ANSWERS = 4096, FEW_GAINED = 3 };
static const char CLOSURES[] = "closures";

typedef struct {
    Rules rules;
    Object *places;        /* by name: where it is */
    Object **names;        /* by place, as long as `places` lives */
    Object *answers;       /* by what was asked */
    Object *read;          /* what else a person can give, as names */
    Object *wholes[KEPT];  /* closures met lately, by the bits of what they are of */
    Word *masks;           /* those bits, and room for one question */
    Word *alone;           /* the closures of single attributes, after as many questions as there are attributes */
    int64_t asked;
} Closures;

static void closures_let(Closures *c) {
    for (int64_t at = 0; at < KEPT; at++)
        if (c->wholes[at]) py.let(c->wholes[at]);
    if (c->places) py.let(c->places);
    if (c->answers) py.let(c->answers);
    if (c->read) py.let(c->read);
    rules_done(&c->rules);
    free(c->names);
    free(c->masks);
    free(c->alone);
    free(c);
}

static void capsule_let(Object *capsule) { closures_let(py.inside(capsule, CLOSURES)); }

/* the places of names after the first `have` in `at`, which grows; new names are numbered. Says how many there are then, -1 where
   there is an error */
static int64_t placed(Object *places, Object *set, int32_t **at, int64_t *room, int64_t have) {
    Object *turn = py.iterator(set), *name;
    if (!turn) return -1;
    while ((name = py.following(turn))) {
        Object *number = py.item(places, name);
        long place;
        if (number) place = py.as_number(number);
        else if (py.error()) place = -1;
        else {
            place = (long)py.many(places);
            number = py.number(place);
            if (!number || py.put_item(places, name, number) < 0) place = -1;
            if (number) py.let(number);
        }
        py.let(name);
        if (place >= 0 && have == *room) {
            int64_t more = *room ? 2 * *room : 256;
            int32_t *wider = realloc(*at, (size_t)more * sizeof **at);
            if (wider) *at = wider, *room = more;
            else place = -1;
        }
        if (place < 0) {
            py.let(turn);
            return -1;
        }
        (*at)[have++] = (int32_t)place;
    }
    py.let(turn);
    return py.error() ? -1 : have;
}

/* the closures of single attributes; without memory for them, they are done without */
static void prepared(Closures *c) {
    int64_t w = c->rules.words, names = c->rules.names;
    Word *one = c->masks + KEPT * w;
    c->asked = INT64_MIN;
    if (!(c->alone = malloc((size_t)(names * w + 1) * sizeof(Word)))) return;
    for (int64_t at = 0; at < names; at++) {
        memset(one, 0, (size_t)w * sizeof(Word));
        put(one, at);
        closed(&c->rules, one, NULL, c->alone + at * w);
    }
}

static Object **kept(Closures *c, const Word *set, int64_t *slot) {
    int64_t w = c->rules.words;
    *slot = (int64_t)(mixed(w, set) % KEPT);
    Object **object = c->wholes + *slot;
    return *object && equal(w, c->masks + *slot * w, set) ? object : NULL;
}

static void keep(Closures *c, int64_t slot, const Word *set, Object *whole) {
    Object *before = c->wholes[slot];
    py.keep(c->wholes[slot] = whole);
    if (before) py.let(before);
    copy(c->rules.words, c->masks + slot * c->rules.words, set);
}

static Object *answer(Closures *c, Object *start) {
    int64_t w = c->rules.words, unknown = 0, gained = 0, slot = -1, near = -1;
    if (c->asked >= 0 && c->asked++ == c->rules.names) prepared(c);
    Word *from = c->masks + KEPT * w, *known = from + w, *reach = known + w;
    memset(from, 0, (size_t)w * sizeof(Word));
    Object *turn = py.iterator(start), *name, *made, **found;
    if (!turn) return NULL;
    while ((name = py.following(turn))) {
        Object *number = py.item(c->places, name);
        py.let(name);
        if (number) put(from, py.as_number(number));
        else unknown++;
    }
    py.let(turn);
    if (py.error()) return NULL;
    copy(w, reach, from);
    if (c->alone) {
        for (int64_t i = 0; i < w; i++)
            for (Word open = from[i]; open; open &= open - 1) {
                const Word *alone = c->alone + (64 * i + LOWEST(open)) * w;
                for (int64_t k = 0; k < w; k++) reach[k] |= alone[k];
            }
        if (!unknown && !equal(w, reach, from) && (found = kept(c, reach, &near))) {
            py.keep(*found);
            return *found;
        }
    }
    closed(&c->rules, reach, NULL, known);
    for (int64_t i = 0; i < w; i++) gained += ONES(known[i] & ~from[i]);
    if (!gained) {
        py.keep(start);
        return start;
    }
    if (!unknown && gained > FEW_GAINED && (found = kept(c, known, &slot))) {
        py.keep(made = *found);
        if (near >= 0) keep(c, near, reach, made);
        return made;
    }
    made = py.frozen(start);
    for (int64_t i = 0; i < w && made; i++)
        for (Word open = known[i] & ~from[i]; open; open &= open - 1)
            if (py.add(made, c->names[64 * i + LOWEST(open)]) < 0) {
                py.let(made);
                return NULL;
            }
    if (made && slot >= 0) keep(c, slot, known, made);
    if (made && near >= 0) keep(c, near, reach, made);
    return made;
}

/* the closure of what is given, which may be known */
static Object *closure_of(Object *capsule, Object *given) {
    Closures *c = py.inside(capsule, CLOSURES);
    if (!c) return NULL;
    Object *kind = py.type_of(given), *start = given, *made = NULL;
    py.let(kind); /* which lives on in what is given */
    int listed = kind == py.list || kind == py.tuple_type;
    if (kind == py.frozenset) py.keep(start);
    else if (kind == py.set || listed) start = py.frozen(given);
    else start = NULL;
    if (start && (made = py.item(c->answers, start))) {
        py.keep(made);
        py.let(start);
        return made;
    }
    if (py.error()) py.forget(); /* what cannot be a name is told by `read` */
    if (!start || listed) {
        Object *names = py.call(c->read, given, NULL);
        if (names && !start) start = py.frozen(names);
        if (names) py.let(names);
        if (!names || !start) {
            if (start) py.let(start);
            return NULL;
        }
    }
    made = answer(c, start);
    if (made && py.many(c->answers) >= ANSWERS) py.clear(c->answers);
    if (made && py.put_item(c->answers, start, made) < 0) {
        py.let(made);
        made = NULL;
    }
    py.let(start);
    return made;
}

static struct {
    const char *name;
    Object *(*does)(Object *, Object *);
    int flags;
    const char *said;
} closure_function = {"closure", closure_of, 8 /* METH_O */, "The closure of a set of attributes."};

/* dependencies as they are given, with their names numbered as they are met */
typedef struct {
    int64_t count, room, have, most;
    Object *places;
    Object **sides; /* left and right in turn */
    int64_t *ends;  /* where the places of each end in `at` */
    int32_t *at;
} Given;

static void given_let(Given *g) {
    for (int64_t side = 0; side < 2 * g->count; side++) py.let(g->sides[side]);
    if (g->places) py.let(g->places);
    free(g->sides);
    free(g->ends);
    free(g->at);
}

/* 1 where all are functional dependencies, 0 where they are not, -1 where there is an error */
static int gathered(Given *g, Object *fds) {
    memset(g, 0, sizeof *g);
    Object *turn = (g->places = py.dictionary()) ? py.iterator(fds) : NULL, *one;
    if (!turn) return -1;
    int fine = 1;
    while (fine > 0 && (one = py.following(turn))) {
        Object *kind = py.type_of(one);
        py.let(kind);
        if (kind != py.fd) fine = 0;
        if (fine && g->count == g->room) {
            int64_t room = g->room ? 2 * g->room : 64;
            Object **sides = realloc(g->sides, (size_t)(2 * room) * sizeof *sides);
            if (sides) g->sides = sides;
            int64_t *ends = realloc(g->ends, (size_t)(2 * room) * sizeof *ends);
            if (ends) g->ends = ends;
            if (sides && ends) g->room = room;
            else fine = -1;
        }
        Object *left = fine > 0 ? py.attribute(one, py.determinant) : NULL, *right = left ? py.attribute(one, py.dependent) : NULL;
        py.let(one);
        if (fine <= 0) break;
        if (!right) {
            if (left) py.let(left);
            fine = -1;
            break;
        }
        g->sides[2 * g->count] = left, g->sides[2 * g->count + 1] = right;
        for (int64_t side = 2 * g->count++; side < 2 * g->count && g->have >= 0; side++)
            g->ends[side] = g->have = placed(g->places, g->sides[side], &g->at, &g->most, g->have);
        if (g->have < 0) fine = -1;
    }
    py.let(turn);
    return py.error() ? -1 : fine;
}

/* rows of the sides, each place given another number by `number` where that is not null */
static Word *rows_of(const Given *g, int64_t w, const int64_t *number) {
    Word *rows = calloc((size_t)(2 * g->count * w + 1), sizeof(Word));
    for (int64_t side = 0, at = 0; side < 2 * g->count && rows; side++)
        for (; at < g->ends[side]; at++) put(rows + side * w, number ? number[g->at[at]] : g->at[at]);
    return rows;
}

static Object *nothing(void) {
    py.keep(py.none);
    return py.none;
}

static Object *short_of_memory(void) { return py.error() ? NULL : py.no_memory(); }

/* a function from sets of names to their closures, or None where not all are functional dependencies */
PUBLIC Object *closure_under(Object *fds, Object *read) {
    Given g;
    int fine = gathered(&g, fds);
    if (fine <= 0) {
        given_let(&g);
        return fine ? short_of_memory() : nothing();
    }
    int64_t names = py.many(g.places), w = names ? (names + 63) / 64 : 1;
    Word *rows = rows_of(&g, w, NULL);
    Closures *c = calloc(1, sizeof *c);
    if (!rows || !c || !rules_made(&c->rules, w, names, g.count, rows)) {
        free(rows);
        free(c);
        given_let(&g);
        return short_of_memory();
    }
    free(rows);
    c->places = g.places, g.places = NULL;
    c->names = calloc((size_t)names + 1, sizeof *c->names);
    c->masks = malloc((size_t)((KEPT + 3) * w) * sizeof(Word));
    c->answers = py.dictionary();
    py.keep(c->read = read);
    given_let(&g);
    Object *capsule = c->names && c->masks && c->answers ? py.capsule(c, CLOSURES, capsule_let) : NULL;
    if (!capsule) {
        closures_let(c);
        return short_of_memory();
    }
    Object *name, *place;
    for (intptr_t at = 0; py.next(c->places, &at, &name, &place);) c->names[py.as_number(place)] = name;
    Object *made = py.function(&closure_function, capsule, NULL);
    py.let(capsule);
    return made;
}

/* a set as an object: one that is known, or a new one that is known from now on */
static Object *named(Sets *known, Object ***objects, int64_t *room, const Word *set, Object **names) {
    int fresh = added(known, set);
    if (fresh < 0) return NULL;
    int64_t at = *place(known, set) - 1;
    if (fresh) {
        if (at >= *room) {
            int64_t more = *room ? 2 * *room : 64;
            while (more <= at) more *= 2;
            Object **wider = realloc(*objects, (size_t)more * sizeof *wider);
            if (!wider) return NULL;
            *objects = wider, *room = more;
        }
        Object *made = (*objects)[at] = py.frozen(NULL);
        for (int64_t i = 0; i < known->words && made; i++)
            for (Word open = set[i]; open; open &= open - 1)
                if (py.add(made, names[64 * i + LOWEST(open)]) < 0) return NULL;
    }
    return (*objects)[at];
}

static Object *dependency(Object *left, Object *right) {
    Object *made = left && right ? py.blank(py.fd, 0) : NULL;
    if (made && (py.put_attribute(made, py.determinant, left) < 0 || py.put_attribute(made, py.dependent, right) < 0)) {
        py.let(made);
        return NULL;
    }
    return made;
}

/* the canonical cover as a tuple, or with `single` the minimal one; None where not all are functional dependencies */
PUBLIC Object *cover_of(Object *fds, int64_t single) {
    Given g;
    int fine = gathered(&g, fds);
    if (fine <= 0) {
        given_let(&g);
        return fine ? short_of_memory() : nothing();
    }
    int64_t names = py.many(g.places), w = names ? (names + 63) / 64 : 1, found = -1, rooms = 0, total = 0;
    int64_t *number = malloc((size_t)(names + 1) * sizeof *number);
    Object *sorted_names = py.keys(g.places), **by_place = malloc((size_t)(names + 1) * sizeof *by_place), **objects = NULL;
    Object *result = NULL;
    Word *rows = NULL, *made = NULL, *bit = calloc((size_t)w, sizeof(Word));
    Sets known = {.words = w};
    if (!number || !sorted_names || !by_place || !bit || py.sort(sorted_names) < 0) goto done;
    for (int64_t at = 0; at < names; at++) {
        by_place[at] = py.at(sorted_names, at);
        number[py.as_number(py.item(g.places, by_place[at]))] = at;
    }
    rows = rows_of(&g, w, number);
    made = malloc((size_t)(2 * (g.have + g.count + 1) * w) * sizeof(Word));
    objects = malloc((size_t)(2 * g.count + 1) * sizeof *objects);
    rooms = 2 * g.count + 1;
    if (!rows || !made || !objects) goto done;
    for (int64_t side = 0; side < 2 * g.count; side++) {
        int fresh = added(&known, rows + side * w);
        if (fresh < 0) goto done;
        if (fresh) py.keep(objects[known.count - 1] = g.sides[side]);
    }
    found = reduced(w, names, g.count, rows, made);
    if (found < 0) goto done;
    for (int64_t p = 0; p < found; p++) total += single ? size(w, made + (2 * p + 1) * w) : 1;
    result = py.tuple(total);
    for (int64_t p = 0, at = 0; p < found && result; p++) {
        const Word *left = made + 2 * p * w, *right = left + w;
        Object *x = named(&known, &objects, &rooms, left, by_place), *fd;
        for (int64_t i = 0; i < w && result; i++)
            for (Word open = single ? right[i] : !i; open; open &= open - 1) {
                if (single) {
                    memset(bit, 0, (size_t)w * sizeof(Word));
                    put(bit, 64 * i + LOWEST(open));
                }
                fd = dependency(x, named(&known, &objects, &rooms, single ? bit : right, by_place));
                if (!fd || py.put_at(result, at++, fd) < 0) {
                    py.let(result);
                    result = NULL;
                    break;
                }
            }
    }
done:
    for (int64_t at = 0; objects && at < known.count && at < rooms; at++)
        if (objects[at]) py.let(objects[at]);
    if (sorted_names) py.let(sorted_names);
    free(number);
    free(by_place);
    free(objects);
    free(rows);
    free(made);
    free(bit);
    free(known.sets);
    free(known.table);
    given_let(&g);
    return result ? result : short_of_memory();
}

typedef struct {
    Rules rules;
    Word *known;
} Bits;

static const char BITS[] = "bits";

static void bits_let(Object *capsule) {
    Bits *b = py.inside(capsule, BITS);
    rules_done(&b->rules);
    free(b->known);
    free(b);
}

/* the octets of the closure of what octets hold: as many as the words of the rules have */
static Object *closure_of_bits(Object *capsule, Object *octets) {
    Bits *b = py.inside(capsule, BITS);
    char *given = b ? py.octets(octets) : NULL;
    if (!given) return NULL;
    int64_t w = b->rules.words;
    memcpy(b->known + w, given, (size_t)w * sizeof(Word));
    closed(&b->rules, b->known + w, NULL, b->known);
    return py.from_octets((const char *)b->known, w * (intptr_t)sizeof(Word));
}

static struct {
    const char *name;
    Object *(*does)(Object *, Object *);
    int flags;
    const char *said;
} bits_function = {"closure", closure_of_bits, 8 /* METH_O */, "The closure of a set of bits, as octets."};

/* a function from the octets of sets to those of their closures */
PUBLIC Object *closure_between(int64_t w, int64_t names, int64_t count, const Word *pairs) {
    Bits *b = calloc(1, sizeof *b);
    if (!b || !(b->known = malloc((size_t)(2 * w) * sizeof(Word))) || !rules_made(&b->rules, w, names, count, pairs)) {
        if (b) free(b->known);
        free(b);
        return short_of_memory();
    }
    Object *capsule = py.capsule(b, BITS, bits_let);
    if (!capsule) {
        rules_done(&b->rules);
        free(b->known);
        free(b);
        return NULL;
    }
    Object *made = py.function(&bits_function, capsule, NULL);
    py.let(capsule);
    return made;
}
