/* Loops over dictionary codes: difference sets, minimal hitting sets, checks by partition.

   Plain C on arrays, called from kernels.py, which says what each function is for. Sets of columns are rows of 64-bit words,
   bit c % 64 of word c / 64 for column c. A column is an array of codes of 1, 2 or 4 bytes, each below its size.
   Functions that can fail return -1 when memory is short, and give nothing back then. Loops that can run long look at stop[0]
   and return early when another thread has set it. Nothing is kept between calls, so threads need no locks. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if defined(_WIN32)
#define PUBLIC __declspec(dllexport)
#else
#define PUBLIC __attribute__((visibility("default")))
#endif

/* the same function for newer processors too, chosen when the library is loaded */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12 && defined(__x86_64__) && defined(__GLIBC__)
#define FAST __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FAST
#endif

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

typedef struct {
    const void *codes;
    int64_t size;  /* codes are below it */
    int64_t bytes; /* 1, 2 or 4 */
} Column;

/* what a function found: `count` sets in memory that `let_go` frees, and up to two flags */
typedef struct {
    uint64_t *words;
    int64_t count;
    int64_t done;
    int64_t whole;
} Found;

INLINE int64_t code_in(const void *codes, int64_t bytes, int64_t row) {
    switch (bytes) {
    case 1: return ((const uint8_t *)codes)[row];
    case 2: return ((const uint16_t *)codes)[row];
    default: return ((const int32_t *)codes)[row];
    }
}

INLINE int64_t code_of(const Column *column, int64_t row) { return code_in(column->codes, column->bytes, row); }

INLINE int64_t ones(uint64_t x) {
#if defined(__GNUC__)
    return __builtin_popcountll(x);
#else
    int64_t n = 0;
    for (; x; x &= x - 1) n++;
    return n;
#endif
}

INLINE int64_t lowest(uint64_t x) {
#if defined(__GNUC__)
    return __builtin_ctzll(x);
#else
    return ones((x & (~x + 1)) - 1);
#endif
}

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

#if defined(__GNUC__)
#define SIGNAL(stop, at) __atomic_load_n(&(stop)[at], __ATOMIC_RELAXED)
#define COUNTED(stop, at, more) __atomic_fetch_add(&(stop)[at], (more), __ATOMIC_RELAXED)
#else
#define SIGNAL(stop, at) (((volatile int64_t *)(stop))[at])
#define COUNTED(stop, at, more) (((volatile int64_t *)(stop))[at] += (more))
#endif

/* -- memory: all that a call takes is on one list, and let go at its end ------------------------------------------- */

typedef struct Block {
    struct Block *before, *after;
    uint64_t align;
    uint64_t align_too;
} Block;

typedef struct {
    Block first;
    int failed;
} Arena;

static void begin(Arena *arena) {
    arena->first.before = arena->first.after = &arena->first;
    arena->failed = 0;
}

static void *linked(Arena *arena, Block *block) {
    block->before = &arena->first;
    block->after = arena->first.after;
    arena->first.after->before = block;
    arena->first.after = block;
    return block + 1;
}

/* memory for `count` things, zeros if asked; NULL, and the arena marked as failed, where there is none */
static void *taken(Arena *arena, int64_t count, size_t each, int zeros) {
    size_t bytes = (size_t)larger(count, 1) * each + sizeof(Block);
    Block *block = zeros ? calloc(1, bytes) : malloc(bytes);
    if (!block) {
        arena->failed = 1;
        return NULL;
    }
    return linked(arena, block);
}

static void unlinked(void *memory) {
    Block *block = (Block *)memory - 1;
    block->before->after = block->after;
    block->after->before = block->before;
}

/* the same memory with another size; where that fails it stays as it was and the arena is marked */
static void *resized(Arena *arena, void *memory, int64_t count, size_t each) {
    unlinked(memory);
    Block *block = realloc((Block *)memory - 1, (size_t)larger(count, 1) * each + sizeof(Block));
    if (!block) {
        arena->failed = 1;
        return linked(arena, (Block *)memory - 1);
    }
    return linked(arena, block);
}

static void freed(void *memory) {
    if (!memory) return;
    unlinked(memory);
    free((Block *)memory - 1);
}

static void end(Arena *arena) {
    Block *block = arena->first.after;
    while (block != &arena->first) {
        Block *after = block->after;
        free(block);
        block = after;
    }
}

/* hand `count` sets to the caller; the arena no longer owns them */
static int given(Arena *arena, uint64_t *words, int64_t count, int64_t width, Found *found) {
    found->words = NULL;
    found->count = 0;
    if (!arena->failed && words) {
        uint64_t *kept = malloc((size_t)larger(count * width, 1) * sizeof(uint64_t));
        if (kept) {
            memcpy(kept, words, (size_t)(count * width) * sizeof(uint64_t));
            found->words = kept;
            found->count = count;
            return 0;
        }
    }
    return -1;
}

PUBLIC void let_go(uint64_t *words) { free(words); }

/* memory that was freed goes back to the system, where the library of C would keep it for later */
PUBLIC void trimmed(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

/* the fingerprint of the source, by which kernels.py knows that it was compiled from this one */
#ifndef BUILT_FROM
#define BUILT_FROM "unknown"
#endif

PUBLIC const char *built_from(void) { return BUILT_FROM; }

/* -- sets of sets ----------------------------------------------------------------------------------------------------- */

typedef struct {
    Arena *arena;
    uint64_t *store;
    int32_t *slots;
    int64_t width, room, count;
} Sets;

static void empty_sets(Sets *sets, Arena *arena, int64_t width, int64_t room) {
    sets->arena = arena;
    sets->width = width;
    sets->room = room; /* a power of two */
    sets->count = 0;
    sets->store = taken(arena, room * width, sizeof(uint64_t), 0);
    sets->slots = taken(arena, 4 * room, sizeof(int32_t), 0);
    if (sets->slots) memset(sets->slots, 0xff, (size_t)(4 * room) * sizeof(int32_t));
}

INLINE uint64_t mixed(const uint64_t *words, int64_t width) {
    uint64_t hash = 0;
    for (int64_t w = 0; w < width; w++) {
        hash = (hash ^ words[w]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash;
}

static void put(Sets *sets, const uint64_t *words) {
    int64_t width = sets->width;
    if (sets->arena->failed) return;
    uint64_t mask = (uint64_t)(4 * sets->room - 1), at = mixed(words, width) & mask;
    for (;; at = (at + 1) & mask) {
        int32_t held = sets->slots[at];
        if (held < 0) break;
        if (!memcmp(sets->store + held * width, words, (size_t)width * sizeof(uint64_t))) return;
    }
    if (sets->count == sets->room) { /* twice the room, all numbered anew */
        int64_t room = 2 * sets->room;
        sets->store = resized(sets->arena, sets->store, room * width, sizeof(uint64_t));
        freed(sets->slots);
        sets->slots = taken(sets->arena, 4 * room, sizeof(int32_t), 0);
        if (sets->arena->failed) return;
        memset(sets->slots, 0xff, (size_t)(4 * room) * sizeof(int32_t));
        sets->room = room;
        mask = (uint64_t)(4 * room - 1);
        for (int64_t k = 0; k < sets->count; k++) {
            at = mixed(sets->store + k * width, width) & mask;
            while (sets->slots[at] >= 0) at = (at + 1) & mask;
            sets->slots[at] = (int32_t)k;
        }
        at = mixed(words, width) & mask;
        while (sets->slots[at] >= 0) at = (at + 1) & mask;
    }
    sets->slots[at] = (int32_t)sets->count;
    memcpy(sets->store + sets->count * width, words, (size_t)width * sizeof(uint64_t));
    sets->count++;
}

PUBLIC int distinct(const uint64_t *words, int64_t count, int64_t width, Found *found) {
    Arena arena;
    Sets sets;
    begin(&arena);
    empty_sets(&sets, &arena, width, 1024);
    for (int64_t k = 0; k < count; k++) put(&sets, words + k * width);
    int said = given(&arena, sets.store, sets.count, width, found);
    end(&arena);
    return said;
}

PUBLIC void relocated(const uint64_t *words, int64_t count, int64_t width, const int64_t *places, uint64_t *after) {
    memset(after, 0, (size_t)(count * width) * sizeof(uint64_t));
    for (int64_t k = 0; k < count; k++)
        for (int64_t w = 0; w < width; w++)
            for (uint64_t rest = words[k * width + w]; rest; rest &= rest - 1) {
                int64_t at = places[64 * w + lowest(rest)];
                after[k * width + at / 64] |= (uint64_t)1 << (at % 64);
            }
}

/* -- difference sets -------------------------------------------------------------------------------------------------- */

INLINE void mark(uint64_t *here, const void *codes, int64_t bytes, int64_t row, int64_t rows, int bit) {
    int64_t mine = code_in(codes, bytes, row);
    for (int64_t j = row + 1; j < rows; j++) here[j] |= (uint64_t)(code_in(codes, bytes, j) != mine) << bit;
}

FAST static void marked(uint64_t *here, const Column *column, int64_t row, int64_t rows, int bit) {
    switch (column->bytes) {
    case 1: mark(here, column->codes, 1, row, rows, bit); break;
    case 2: mark(here, column->codes, 2, row, rows, bit); break;
    default: mark(here, column->codes, 4, row, rows, bit);
    }
}

PUBLIC int all_differences(
    const Column *columns, int64_t many, int64_t rows, int64_t first, int64_t last, int64_t *stop, Found *found
) {
    Arena arena;
    Sets sets;
    int64_t width = larger(1, (many + 63) / 64);
    begin(&arena);
    empty_sets(&sets, &arena, width, 1024);
    uint64_t *differ = taken(&arena, width * rows, sizeof(uint64_t), 0), *words = taken(&arena, width, sizeof(uint64_t), 1);
    for (int64_t i = first; i < last && !arena.failed && !SIGNAL(stop, 0); i++) {
        for (int64_t w = 0; w < width; w++) {
            uint64_t *here = differ + w * rows;
            memset(here + i, 0, (size_t)(rows - i) * sizeof(uint64_t));
            for (int64_t c = 64 * w; c < smaller(many, 64 * w + 64); c++)
                marked(here, columns + c, i, rows, (int)(c - 64 * w));
        }
        for (int64_t j = i + 1; j < rows; j++) {
            for (int64_t w = 0; w < width; w++) words[w] = differ[w * rows + j];
            put(&sets, words);
        }
    }
    int said = given(&arena, sets.store, sets.count, width, found);
    end(&arena);
    return said;
}

PUBLIC void sorted_by(const int32_t *order, int64_t rows, const Column *column, int64_t *starts, int32_t *after) {
    /* `starts` has a place more than the column has codes, all zeros */
    for (int64_t k = 0; k < rows; k++) starts[code_of(column, order[k]) + 1]++;
    for (int64_t code = 0; code < column->size; code++) starts[code + 1] += starts[code];
    for (int64_t k = 0; k < rows; k++) after[starts[code_of(column, order[k])]++] = order[k];
}

static void difference(const Column *columns, int64_t many, int64_t a, int64_t b, uint64_t *words, int64_t width) {
    for (int64_t w = 0; w < width; w++) {
        uint64_t word = 0;
        for (int64_t c = 64 * w; c < smaller(many, 64 * w + 64); c++)
            word |= (uint64_t)(code_of(columns + c, a) != code_of(columns + c, b)) << (c - 64 * w);
        words[w] = word;
    }
}

PUBLIC int sampled_differences(
    const Column *columns, int64_t many, int64_t rows, const int32_t *order, int64_t column, int64_t most, Found *found
) {
    Arena arena;
    Sets sets;
    int64_t width = larger(1, (many + 63) / 64), step = larger(1, (rows - 1) / larger(most, 1));
    begin(&arena);
    empty_sets(&sets, &arena, width, 1024);
    uint64_t *words = taken(&arena, width, sizeof(uint64_t), 1);
    for (int64_t k = 0; k + 1 < rows && !arena.failed; k += step) {
        int64_t a = order[k], b = order[k + 1];
        if (code_of(columns + column, a) != code_of(columns + column, b)) continue;
        difference(columns, many, a, b, words, width);
        put(&sets, words);
    }
    int said = given(&arena, sets.store, sets.count, width, found);
    end(&arena);
    return said;
}

/* -- minimal hitting sets --------------------------------------------------------------------------------------------- */

/* The minimal difference sets that hold the target, cut to usable columns, smallest first. More edges than needed are
   harmless, so sets are compared with the 3000 smallest kept, as long as that pays. */
FAST static uint64_t *minimal_edges(
    Arena *arena, const uint64_t *differences, int64_t total, int64_t width, int64_t fresh, int64_t target,
    const uint64_t *usable, int64_t most, int64_t *have, int64_t *whole, int *impossible
) {
    *have = 0;
    *whole = 1;
    *impossible = 0;
    uint64_t *chosen = taken(arena, total * width, sizeof(uint64_t), 0);
    int32_t *sizes = taken(arena, total, sizeof(int32_t), 0);
    int64_t *origin = taken(arena, total, sizeof(int64_t), 0), *order = taken(arena, total, sizeof(int64_t), 0);
    int64_t *starts = taken(arena, 64 * width + 2, sizeof(int64_t), 1);
    if (arena->failed) return NULL;
    int64_t count = 0;
    for (int64_t k = 0; k < total; k++) {
        if (target >= 0 && !(differences[k * width + target / 64] >> (target % 64) & 1)) continue;
        int64_t size = 0;
        for (int64_t w = 0; w < width; w++) {
            uint64_t value = differences[k * width + w] & usable[w];
            chosen[count * width + w] = value;
            size += ones(value);
        }
        if (!size) {
            *impossible = 1;
            return chosen;
        }
        sizes[count] = (int32_t)size;
        origin[count++] = k;
    }
    for (int64_t k = 0; k < count; k++) starts[sizes[k] + 1]++;
    for (int64_t s = 0; s <= 64 * width; s++) starts[s + 1] += starts[s];
    for (int64_t k = 0; k < count; k++) order[starts[sizes[k]]++] = k;
    uint64_t *kept = taken(arena, count * width, sizeof(uint64_t), 0);
    if (arena->failed) return NULL;
    int64_t compared = 1000000 + 64 * count;
    for (int64_t place = 0; place < count; place++) {
        int64_t k = order[place];
        const uint64_t *mine = chosen + k * width;
        if (*have >= most && origin[k] < fresh) {
            *whole = 0;
            continue;
        }
        int covered = 0;
        for (int64_t other = 0; other < smaller(*have, 3000) && compared >= 0 && !covered; other++) {
            compared--;
            covered = 1;
            for (int64_t w = 0; w < width && covered; w++) covered = !(kept[other * width + w] & ~mine[w]);
        }
        if (!covered) memcpy(kept + (*have)++ * width, mine, (size_t)width * sizeof(uint64_t));
    }
    freed(chosen);
    freed(sizes);
    freed(origin);
    freed(order);
    freed(starts);
    return kept;
}

/* Murakami & Uno 2014, algorithm MMCS, its recursion as a stack that grows */
FAST static int64_t hit_all(
    Arena *arena, const uint64_t *edges, int64_t total, int64_t width, int64_t largest, int64_t *stop, int64_t most,
    uint64_t **sets, int64_t *done
) {
    int64_t parts = (total + 63) / 64, columns = 64 * width, deep = 8, room = 16, lines = 36;
    uint64_t *found = *sets;
    uint64_t *hit = taken(arena, columns * parts, sizeof(uint64_t), 1);
    uint64_t *open_edges = taken(arena, deep * parts, sizeof(uint64_t), 1);
    uint64_t *critical = taken(arena, lines * parts, sizeof(uint64_t), 0);
    uint64_t *allowed = taken(arena, deep * width, sizeof(uint64_t), 1);
    uint64_t *branch = taken(arena, deep * width, sizeof(uint64_t), 1);
    int64_t *members = taken(arena, columns + 1, sizeof(int64_t), 1);
    *done = 0;
    if (arena->failed) return 0;
    for (int64_t e = 0; e < total; e++)
        for (int64_t w = 0; w < width; w++)
            for (uint64_t rest = edges[e * width + w]; rest; rest &= rest - 1)
                hit[(64 * w + lowest(rest)) * parts + e / 64] |= (uint64_t)1 << (e % 64);
    for (int64_t e = 0; e < total; e++) {
        open_edges[e / 64] |= (uint64_t)1 << (e % 64);
        for (int64_t w = 0; w < width; w++) allowed[w] |= edges[e * width + w];
    }
    int64_t count = 0, steps = 0, depth = 0, reported = 0;
    int entered = 1;
    while (depth >= 0) {
        uint64_t *here = open_edges + depth * parts, *may = allowed + depth * width, *left = branch + depth * width;
        if (entered) {
            entered = 0;
            int64_t best = -1, fewest = columns + 1;
            for (int64_t p = 0; p < parts && fewest > 1; p++)
                for (uint64_t rest = here[p]; rest && fewest > 1; rest &= rest - 1) {
                    int64_t e = 64 * p + lowest(rest), size = 0;
                    for (int64_t w = 0; w < width; w++) size += ones(edges[e * width + w] & may[w]);
                    if (size < fewest) {
                        best = e;
                        fewest = size;
                    }
                }
            for (int64_t w = 0; w < width; w++) {
                left[w] = edges[best * width + w] & may[w];
                may[w] &= ~left[w];
            }
            if ((++steps & 1023) == 0) {
                COUNTED(stop, 1, count - reported);
                reported = count;
                if (SIGNAL(stop, 0) || SIGNAL(stop, 1) > most) return count;
            }
        }
        int64_t vertex = -1;
        for (int64_t w = 0; w < width; w++)
            if (left[w]) {
                vertex = 64 * w + lowest(left[w]);
                left[w] &= left[w] - 1;
                break;
            }
        if (vertex < 0) {
            depth--;
            continue;
        }
        const uint64_t *own = hit + vertex * parts;
        int64_t base = depth * (depth - 1) / 2, below = depth * (depth + 1) / 2;
        if (lines < below + depth + 1) {
            lines = 2 * lines + depth;
            critical = resized(arena, critical, lines * parts, sizeof(uint64_t));
            if (arena->failed) return 0;
        }
        int needed = 1;
        for (int64_t k = 0; k < depth && needed; k++) {
            uint64_t some = 0;
            const uint64_t *was = critical + (base + k) * parts;
            uint64_t *is = critical + (below + k) * parts;
            for (int64_t p = 0; p < parts; p++) {
                is[p] = was[p] & ~own[p];
                some |= is[p];
            }
            needed = some != 0;
        }
        if (!needed) continue;
        uint64_t some = 0;
        for (int64_t p = 0; p < parts; p++) some |= here[p] & ~own[p];
        members[depth] = vertex;
        if (!some) {
            if (count == room) {
                room *= 2;
                found = *sets = resized(arena, found, room * width, sizeof(uint64_t));
                if (arena->failed) return 0;
            }
            uint64_t *set = found + count++ * width;
            memset(set, 0, (size_t)width * sizeof(uint64_t));
            for (int64_t k = 0; k <= depth; k++) set[members[k] / 64] |= (uint64_t)1 << (members[k] % 64);
            continue;
        }
        uint64_t flag = (uint64_t)1 << (vertex % 64);
        if (depth + 1 >= largest) {
            may[vertex / 64] |= flag;
            continue;
        }
        if (depth + 1 == deep) {
            deep *= 2;
            open_edges = resized(arena, open_edges, deep * parts, sizeof(uint64_t));
            allowed = resized(arena, allowed, deep * width, sizeof(uint64_t));
            branch = resized(arena, branch, deep * width, sizeof(uint64_t));
            if (arena->failed) return 0;
            here = open_edges + depth * parts;
            may = allowed + depth * width;
        }
        uint64_t *is = critical + (below + depth) * parts, *next = here + parts;
        for (int64_t p = 0; p < parts; p++) {
            is[p] = here[p] & own[p];
            next[p] = here[p] & ~own[p];
        }
        memcpy(may + width, may, (size_t)width * sizeof(uint64_t));
        may[vertex / 64] |= flag;
        depth++;
        entered = 1;
    }
    COUNTED(stop, 1, count - reported);
    *done = 1;
    return count;
}

/* The columns that are in every difference set with the target: all that is to know of determinants of one column. */
static int64_t single_members(
    Arena *arena, const uint64_t *differences, int64_t total, int64_t width, int64_t target, const uint64_t *usable,
    uint64_t **sets
) {
    uint64_t *common = taken(arena, width, sizeof(uint64_t), 0);
    int64_t edges = 0, count = 0;
    if (!common) return 0;
    memcpy(common, usable, (size_t)width * sizeof(uint64_t));
    for (int64_t k = 0; k < total; k++) {
        const uint64_t *one = differences + k * width;
        if (target >= 0 && !(one[target / 64] >> (target % 64) & 1)) continue;
        edges++;
        for (int64_t w = 0; w < width; w++) common[w] &= one[w];
    }
    if (!edges) {
        *sets = taken(arena, width, sizeof(uint64_t), 1);
        return 1; /* the empty set */
    }
    for (int64_t w = 0; w < width; w++) count += ones(common[w]);
    *sets = taken(arena, count * width, sizeof(uint64_t), 1);
    for (int64_t w = 0, at = 0; w < width && *sets; w++)
        for (uint64_t rest = common[w]; rest; rest &= rest - 1) (*sets)[at++ * width + w] = rest & (~rest + 1);
    return count;
}

PUBLIC int minimal_hitting_sets(
    const uint64_t *differences, int64_t total, int64_t width, int64_t fresh, int64_t target, const uint64_t *usable,
    int64_t largest, int64_t most_edges, int64_t *stop, int64_t most, Found *found
) {
    Arena arena;
    begin(&arena);
    int64_t edges_count, whole, count = 0, done = 1;
    int impossible;
    if (largest == 1) {
        uint64_t *singles = NULL;
        count = single_members(&arena, differences, total, width, target, usable, &singles);
        COUNTED(stop, 1, count);
        int given_back = given(&arena, singles, count, width, found);
        found->done = found->whole = 1;
        end(&arena);
        return given_back;
    }
    uint64_t *edges = minimal_edges(
        &arena, differences, total, width, fresh, target, usable, most_edges, &edges_count, &whole, &impossible
    );
    uint64_t *sets = taken(&arena, 16 * width, sizeof(uint64_t), 1);
    if (!arena.failed && !impossible) {
        if (edges_count == 0)
            count = 1; /* the empty set */
        else if (largest > 0)
            count = hit_all(&arena, edges, edges_count, width, largest, stop, most, &sets, &done);
    }
    int said = given(&arena, sets, count, width, found);
    found->done = done;
    found->whole = whole;
    end(&arena);
    return said;
}

/* -- checks by partition ---------------------------------------------------------------------------------------------- */

/* groups of two or more rows: those of group g are rows[bounds[g]] to rows[bounds[g + 1] - 1]; all rows, where `rows` is NULL */
typedef struct {
    int32_t *rows, *bounds;
    int64_t groups;
} Partition;

INLINE int64_t row_at(const Partition *by, int64_t k) { return by->rows ? by->rows[k] : k; }

/* How many rows have each code; `counts` are all zeros. */
PUBLIC void counted(const Column *column, int64_t rows, int32_t *counts) {
    for (int64_t row = 0; row < rows; row++) counts[code_of(column, row)]++;
}

/* The rows that agree with others on a column, group by group in the order of the codes from `first` on, until there are `enough`
   rows; how many groups. `counts` says how many rows have each code. `order` has a place for each row that is found, `bounds` one more
   than there are groups. In the end `next` is the code to go on with, and the counts before it are those of no row. */
static int64_t grouped(
    const Column *column, int64_t rows, int32_t *counts, int64_t first, int64_t enough, int32_t *order, int32_t *bounds,
    int64_t *next
) {
    int64_t groups = 0, filled = 0, code = first;
    bounds[0] = 0;
    for (; code < column->size && filled < enough; code++) {
        int32_t count = counts[code];
        counts[code] = count > 1 ? (int32_t)filled : -1;
        if (count < 2) continue;
        filled += count;
        bounds[++groups] = (int32_t)filled;
    }
    *next = code;
    for (int64_t row = 0; row < rows; row++) {
        int64_t own = code_of(column, row);
        if (own >= first && own < code && counts[own] >= 0) order[counts[own]++] = (int32_t)row;
    }
    return groups;
}

typedef struct {
    int32_t *counts, *places, *met, *own;
} Room;

INLINE void refine(
    const Partition *before, const void *codes, int64_t bytes, const Room *room, int32_t *after, int32_t *limits,
    int64_t last, int64_t *groups, int64_t *filled
) {
    int64_t many = 0, full = 0;
    limits[0] = 0;
    for (int64_t g = 0; g < before->groups; g++) {
        int64_t start = before->bounds[g], stop = before->bounds[g + 1];
        const int32_t *rows = before->rows;
        if (stop - start == 2) {
            int32_t a = rows[start], b = rows[start + 1];
            if (code_in(codes, bytes, a) == code_in(codes, bytes, b)) {
                after[full++] = a;
                after[full++] = b;
                limits[++many] = (int32_t)full;
            }
            continue;
        }
        int64_t different = 0;
        for (int64_t k = start; k < stop; k++) {
            int64_t code = code_in(codes, bytes, rows[k]);
            room->own[k - start] = (int32_t)code;
            int32_t seen = room->counts[code];
            room->met[different] = (int32_t)code;
            different += seen == 0;
            room->counts[code] = seen + 1;
        }
        for (int64_t k = 0; k < different; k++) {
            int64_t code = room->met[k], size = room->counts[code];
            room->counts[code] = 0;
            if (size > 1) {
                room->places[code] = (int32_t)full;
                full += size;
                limits[++many] = (int32_t)full;
            } else
                room->places[code] = (int32_t)last; /* rows that are alone all go to the last place */
        }
        if (different < stop - start)
            for (int64_t k = start; k < stop; k++) {
                int32_t code = room->own[k - start], place = room->places[code];
                after[place] = rows[k];
                room->places[code] = place + 1;
            }
    }
    *groups = many;
    *filled = full;
}

/* a partition refined by a column; `counts` is all zeros before and after */
static Partition refined(Arena *arena, const Partition *before, const Column *column, const Room *room) {
    int64_t last = before->bounds[before->groups], groups = 0, filled = 0;
    Partition after = {NULL, NULL, 0};
    after.rows = taken(arena, last + 1, sizeof(int32_t), 0);
    after.bounds = taken(arena, last / 2 + 2, sizeof(int32_t), 0);
    if (arena->failed) return after;
    switch (column->bytes) {
    case 1: refine(before, column->codes, 1, room, after.rows, after.bounds, last, &groups, &filled); break;
    case 2: refine(before, column->codes, 2, room, after.rows, after.bounds, last, &groups, &filled); break;
    default: refine(before, column->codes, 4, room, after.rows, after.bounds, last, &groups, &filled);
    }
    after.groups = groups;
    after.rows = resized(arena, after.rows, filled, sizeof(int32_t));
    after.bounds = resized(arena, after.bounds, groups + 1, sizeof(int32_t));
    return after;
}

/* the partition by one column: many groups, so that those of the next ones are small */
static Partition partitioned(Arena *arena, const Column *column, int64_t rows) {
    Partition by = {NULL, NULL, 0};
    int32_t *counts = taken(arena, column->size, sizeof(int32_t), 1);
    int64_t next;
    by.rows = taken(arena, rows, sizeof(int32_t), 0);
    by.bounds = taken(arena, smaller(column->size, rows / 2) + 2, sizeof(int32_t), 0);
    if (arena->failed) return by;
    counted(column, rows, counts);
    by.groups = grouped(column, rows, counts, 0, rows, by.rows, by.bounds, &next);
    freed(counts);
    by.rows = resized(arena, by.rows, by.bounds[by.groups], sizeof(int32_t));
    by.bounds = resized(arena, by.bounds, by.groups + 1, sizeof(int32_t));
    return by;
}

/* partitions by the first columns of the determinants at hand, those of the common start kept from one to the next */
typedef struct {
    Partition *stack;
    int64_t *path, known, largest; /* `largest` is the size of the largest group that there is room for */
    Room room;
} Stack;

static void begin_stack(Stack *stack, Arena *arena, const Column *columns, int64_t many, int64_t rows) {
    int64_t largest = 1;
    for (int64_t c = 0; c < many; c++) largest = larger(largest, columns[c].size);
    stack->room.counts = taken(arena, largest, sizeof(int32_t), 1);
    stack->room.places = taken(arena, largest, sizeof(int32_t), 0);
    stack->room.met = taken(arena, smaller(largest, rows) + 1, sizeof(int32_t), 0);
    stack->room.own = NULL;
    stack->stack = taken(arena, many + 2, sizeof(Partition), 1);
    stack->path = taken(arena, many + 1, sizeof(int64_t), 1);
    stack->known = stack->largest = 0;
    if (arena->failed) return;
    Partition *all = stack->stack;
    all->bounds = taken(arena, 2, sizeof(int32_t), 1);
    if (arena->failed) return;
    all->bounds[1] = (int32_t)rows;
    all->groups = 1;
}

/* room for a copy of the codes of any group */
static void made_way(Stack *stack, Arena *arena, const Partition *before) {
    int64_t largest = 0;
    for (int64_t g = 0; g < before->groups; g++) largest = larger(largest, before->bounds[g + 1] - before->bounds[g]);
    if (largest <= stack->largest) return;
    freed(stack->room.own);
    stack->room.own = taken(arena, largest, sizeof(int32_t), 0);
    stack->largest = largest;
}

/* forget the partitions by more than `size` columns */
static void cut_back(Stack *stack, int64_t size) {
    while (stack->known > size) {
        Partition *top = stack->stack + stack->known--;
        freed(top->rows);
        freed(top->bounds);
    }
}

/* the partition by the first `size` of the members */
static const Partition *partition_by(Stack *stack, Arena *arena, const Column *columns, const int64_t *members, int64_t size) {
    int64_t shared = 0;
    while (shared < stack->known && shared < size && stack->path[shared] == members[shared]) shared++;
    cut_back(stack, shared);
    while (stack->known < size && !arena->failed) {
        int64_t c = members[stack->known];
        const Partition *before = stack->stack + stack->known;
        if (!stack->known)
            stack->stack[1] = partitioned(arena, columns + c, before->bounds[1]);
        else {
            if (stack->known == 1) made_way(stack, arena, before);
            if (arena->failed) break;
            stack->stack[stack->known + 1] = refined(arena, before, columns + c, &stack->room);
        }
        stack->path[stack->known++] = c;
    }
    return stack->stack + stack->known;
}

static int64_t members_of(const uint64_t *words, int64_t width, int64_t *members) {
    int64_t size = 0;
    for (int64_t w = 0; w < width; w++)
        for (uint64_t rest = words[w]; rest; rest &= rest - 1) members[size++] = 64 * w + lowest(rest);
    return size;
}

/* Two rows of one group that agree on the column and differ on the target; 0 where there are none. `heads` holds for each code
   the stamp of the group in which it was met last, and what stood there. */
INLINE int breaking(
    const Partition *by, const void *codes, int64_t bytes, const Column *target, int64_t *heads, int64_t *stamp,
    int64_t *left, int64_t *right
) {
    for (int64_t g = 0; g < by->groups; g++) {
        int64_t start = by->bounds[g], stop = by->bounds[g + 1];
        if (stop - start == 2) {
            int64_t a = row_at(by, start), b = row_at(by, start + 1);
            if (code_in(codes, bytes, a) == code_in(codes, bytes, b) && code_of(target, a) != code_of(target, b)) {
                *left = a;
                *right = b;
                return 1;
            }
            continue;
        }
        int64_t now = ++*stamp;
        for (int64_t k = start; k < stop; k++) {
            int64_t row = row_at(by, k), code = code_in(codes, bytes, row), head = heads[code], here = code_of(target, row);
            if (head >> 32 != now)
                heads[code] = now << 32 | here;
            else if ((head & 0xffffffff) != here)
                for (int64_t other = start; other < k; other++)
                    if (code_in(codes, bytes, row_at(by, other)) == code) {
                        *left = row_at(by, other);
                        *right = row;
                        return 1;
                    }
        }
    }
    return 0;
}

static int breaking_pair(
    const Partition *by, const Column *column, const Column *target, int64_t *heads, int64_t *stamp, int64_t *a, int64_t *b
) {
    switch (column->bytes) {
    case 1: return breaking(by, column->codes, 1, target, heads, stamp, a, b);
    case 2: return breaking(by, column->codes, 2, target, heads, stamp, a, b);
    default: return breaking(by, column->codes, 4, target, heads, stamp, a, b);
    }
}

/* what is kept while determinants are checked */
typedef struct {
    const Column *columns;
    int64_t many, width, wide, stamp;
    const uint64_t *determinants, *targets;
    uint64_t *failed, *words;
    int64_t *heads, *members, *alive;
    Sets pairs;
    Stack stack;
} Check;

/* Check determinant x in the rows that the stack holds; `done` pairs of rows were held against it before. */
static void check_one(Check *check, Arena *arena, int64_t x, int64_t first, int64_t done) {
    int64_t width = check->width, many = check->many, *members = check->members, *alive = check->alive, *heads = check->heads;
    const Column *columns = check->columns;
    const uint64_t *own = check->determinants + x * width, *wanted = check->targets + x * check->wide;
    uint64_t *broken = check->failed + (x - first) * check->wide, row_flag = (uint64_t)1 << (many % 64);
    int64_t size = members_of(own, width, members), living = 0, row_word = many / 64;
    int keyed = 0;
    for (int64_t k = done; k < check->pairs.count; k++) { /* pairs that broke others may break this one */
        const uint64_t *pair = check->pairs.store + k * width;
        int apart = 1;
        for (int64_t w = 0; w < width && apart; w++) apart = !(pair[w] & own[w]);
        if (!apart) continue;
        for (int64_t w = 0; w < width; w++) broken[w] |= pair[w] & wanted[w];
        broken[row_word] |= row_flag & wanted[row_word];
    }
    for (int64_t w = 0; w < check->wide; w++)
        for (uint64_t rest = wanted[w] & ~broken[w]; rest; rest &= rest - 1) {
            int64_t c = 64 * w + lowest(rest);
            if (c == many)
                keyed = 1;
            else
                alive[living++] = c;
        }
    if (!living && !keyed) return;
    const Partition *by = partition_by(&check->stack, arena, columns, members, larger(size - 1, 0));
    if (arena->failed) return;
    const Column *column = size ? columns + members[size - 1] : NULL;
    int64_t a, b;
    if (living == 1 && !keyed && column) {
        int64_t c = alive[0];
        if (breaking_pair(by, column, columns + c, heads, &check->stamp, &a, &b)) {
            broken[c / 64] |= (uint64_t)1 << (c % 64);
            difference(columns, many, a, b, check->words, width);
            put(&check->pairs, check->words);
        }
        return;
    }
    for (int64_t g = 0; g < by->groups && (living || keyed); g++) {
        int64_t stamp = ++check->stamp;
        for (int64_t k = by->bounds[g]; k < by->bounds[g + 1] && (living || keyed); k++) {
            int64_t row = row_at(by, k), code = column ? code_of(column, row) : 0, head = heads[code];
            if (head >> 32 != stamp) {
                heads[code] = stamp << 32 | row;
                continue;
            }
            head &= 0xffffffff;
            int some = keyed;
            for (int64_t at = 0; at < living;) {
                int64_t c = alive[at];
                if (code_of(columns + c, row) == code_of(columns + c, head)) {
                    at++;
                    continue;
                }
                some = 1;
                broken[c / 64] |= (uint64_t)1 << (c % 64);
                alive[at] = alive[--living];
            }
            if (keyed) {
                broken[row_word] |= row_flag;
                keyed = 0;
            }
            if (some) {
                difference(columns, many, head, row, check->words, width);
                put(&check->pairs, check->words);
            }
        }
    }
}

/* Determinants that start with the same column are checked together, in one block of `block` rows or a few more, groups of that
   column, after another: so no more of the rows is held in another order at a time. */

PUBLIC int check_determinants(
    const Column *columns, int64_t many, int64_t rows, const uint64_t *determinants, const uint64_t *targets,
    int64_t first, int64_t last, int64_t block, int64_t *stop, uint64_t *failed, Found *found
) {
    Arena arena;
    int64_t width = larger(1, (many + 63) / 64), wide = (many + 64) / 64, largest = 1;
    Check check = {columns, many, width, wide, 0, determinants, targets, failed, NULL, NULL, NULL, NULL, {0}, {0}};
    begin(&arena);
    empty_sets(&check.pairs, &arena, width, 256);
    begin_stack(&check.stack, &arena, columns, many, rows);
    for (int64_t c = 0; c < many; c++) largest = larger(largest, columns[c].size);
    check.heads = taken(&arena, largest, sizeof(int64_t), 1);
    check.members = taken(&arena, many + 1, sizeof(int64_t), 1);
    check.alive = taken(&arena, many + 1, sizeof(int64_t), 1);
    check.words = taken(&arena, width, sizeof(uint64_t), 1);
    memset(failed, 0, (size_t)((last - first) * wide) * sizeof(uint64_t));
    for (int64_t x = first, after; x < last && !arena.failed && !SIGNAL(stop, 0); x = after) {
        after = x + 1;
        if (members_of(determinants + x * width, width, check.members) < 2) {
            cut_back(&check.stack, 0);
            check_one(&check, &arena, x, first, 0);
            continue;
        }
        int64_t start = check.members[0];
        for (; after < last && members_of(determinants + after * width, width, check.members) > 1; after++)
            if (check.members[0] != start) break;
        const Column *column = columns + start;
        int32_t *counts = taken(&arena, column->size, sizeof(int32_t), 1);
        if (arena.failed) break;
        counted(column, rows, counts);
        int64_t done = 0;
        for (int64_t code = 0; code < column->size && !arena.failed && !SIGNAL(stop, 0);) {
            int64_t groups = 0, room = 0, to = code, before = check.pairs.count;
            for (; to < column->size && room < block; to++)
                if (counts[to] > 1) {
                    groups++;
                    room += counts[to];
                }
            cut_back(&check.stack, 0);
            Partition *by = check.stack.stack + 1;
            by->rows = taken(&arena, room, sizeof(int32_t), 0);
            by->bounds = taken(&arena, groups + 1, sizeof(int32_t), 0);
            if (arena.failed) break;
            by->groups = grouped(column, rows, counts, code, block, by->rows, by->bounds, &code);
            check.stack.path[0] = start;
            check.stack.known = 1;
            for (int64_t one = x; one < after && !arena.failed && !SIGNAL(stop, 0); one++)
                check_one(&check, &arena, one, first, done);
            done = before;
        }
        cut_back(&check.stack, 0);
        freed(counts);
    }
    int said = given(&arena, check.pairs.store, check.pairs.count, width, found);
    end(&arena);
    return said;
}

PUBLIC int removals(
    const Column *columns, int64_t many, int64_t rows, const uint64_t *determinants, const uint64_t *targets,
    int64_t first, int64_t last, int64_t *stop, int64_t *removed
) {
    Arena arena;
    Stack stack;
    int64_t width = larger(1, (many + 63) / 64), wide = (many + 64) / 64;
    begin(&arena);
    begin_stack(&stack, &arena, columns, many, rows);
    int64_t *members = taken(&arena, many + 1, sizeof(int64_t), 1);
    for (int64_t k = 0; k < (last - first) * (many + 1); k++) removed[k] = -1;
    for (int64_t x = first; x < last && !arena.failed && !SIGNAL(stop, 0); x++) {
        int64_t size = members_of(determinants + x * width, width, members);
        const Partition *by = partition_by(&stack, &arena, columns, members, size);
        if (arena.failed) break;
        int32_t *counts = stack.room.counts;
        for (int64_t c = 0; c <= many; c++) {
            if (!(targets[x * wide + c / 64] >> (c % 64) & 1)) continue;
            int64_t gone = 0;
            if (c == many)
                gone = by->bounds[by->groups] - by->groups;
            else
                for (int64_t g = 0; g < by->groups; g++) {
                    int32_t most = 0;
                    for (int64_t k = by->bounds[g]; k < by->bounds[g + 1]; k++) {
                        int32_t count = ++counts[code_of(columns + c, row_at(by, k))];
                        if (count > most) most = count;
                    }
                    for (int64_t k = by->bounds[g]; k < by->bounds[g + 1]; k++)
                        counts[code_of(columns + c, row_at(by, k))] = 0;
                    gone += by->bounds[g + 1] - by->bounds[g] - most;
                }
            removed[(x - first) * (many + 1) + c] = gone;
        }
    }
    int said = arena.failed ? -1 : 0;
    end(&arena);
    return said;
}

/* -- groups ----------------------------------------------------------------------------------------------------------- */

INLINE uint64_t place_of(uint64_t key, int64_t room) {
    return (key * 0x9E3779B97F4A7C15u >> 20) & (uint64_t)(room - 1);
}

/* Number the pairs of an id and a code by their first occurrence, in place; how many there are, or -1. */
PUBLIC int64_t numbered(int32_t *ids, int64_t count, int64_t rows, const Column *column) {
    Arena arena;
    int64_t found = 0, span = larger(column->size, 1), wide = larger(count, 1);
    begin(&arena);
    if (wide <= (4 * rows + 4096) / span) { /* so few combinations are ticked off faster than hashed */
        int32_t *seen = taken(&arena, wide * span, sizeof(int32_t), 1);
        for (int64_t row = 0; row < rows && seen; row++) {
            int32_t *place = seen + ids[row] * span + code_of(column, row);
            if (!*place) *place = (int32_t)++found;
            ids[row] = *place - 1;
        }
    } else { /* as much memory as there are different pairs, not as there are rows */
        int64_t room = 1024, most = 1024;
        uint64_t *keys = taken(&arena, most, sizeof(uint64_t), 0);
        uint32_t *numbers = taken(&arena, room, sizeof(uint32_t), 1);
        for (int64_t row = 0; row < rows && !arena.failed; row++) {
            uint64_t key = (uint64_t)(ids[row] * span + code_of(column, row)), at = place_of(key, room);
            uint32_t number;
            while ((number = numbers[at]) && keys[number - 1] != key) at = (at + 1) & (uint64_t)(room - 1);
            if (!number) {
                if (found == most) {
                    most += most / 2;
                    keys = resized(&arena, keys, most, sizeof(uint64_t));
                }
                if (3 * room < 4 * (found + 1)) {
                    freed(numbers);
                    room *= 2;
                    numbers = taken(&arena, room, sizeof(uint32_t), 1);
                    for (int64_t k = 0; k < found && !arena.failed; k++) {
                        at = place_of(keys[k], room);
                        while (numbers[at]) at = (at + 1) & (uint64_t)(room - 1);
                        numbers[at] = (uint32_t)(k + 1);
                    }
                    if (arena.failed) break;
                    at = place_of(key, room);
                    while (numbers[at]) at = (at + 1) & (uint64_t)(room - 1);
                }
                if (arena.failed) break;
                keys[found] = key;
                number = numbers[at] = (uint32_t)++found;
            }
            ids[row] = (int32_t)(number - 1);
        }
    }
    if (arena.failed) found = -1;
    end(&arena);
    return found;
}

/* see `grouped`; -1 where memory is short */
PUBLIC int64_t grouped_rows(const Column *column, int64_t rows, int32_t *order, int32_t *bounds) {
    int32_t *counts = calloc((size_t)larger(column->size, 1), sizeof(int32_t));
    int64_t next;
    if (!counts) return -1;
    counted(column, rows, counts);
    int64_t groups = grouped(column, rows, counts, 0, rows, order, bounds, &next);
    free(counts);
    return groups;
}

/* how many different codes each group has; -1 where memory is short */
PUBLIC int64_t different_in_groups(
    const int32_t *order, const int32_t *bounds, int64_t groups, const Column *column, int32_t *different
) {
    int32_t *heads = calloc((size_t)larger(column->size, 1), sizeof(int32_t)), next = 1;
    if (!heads) return -1;
    for (int64_t g = 0; g < groups; g++) {
        int32_t base = next;
        for (int64_t k = bounds[g]; k < bounds[g + 1]; k++) {
            int32_t *head = heads + code_of(column, order[k]);
            if (*head < base) *head = next++;
        }
        different[g] = next - base;
    }
    free(heads);
    return 0;
}

/* Whether some group has not all pairs of its codes in two columns: 1 or 0, -1 where memory is short. A code is numbered when it
   is met in a group, and the numbers of a group go on where those of the last one ended, so that nothing is to be cleared. */
PUBLIC int64_t linked_in_groups(const int32_t *order, const int32_t *bounds, int64_t groups, const Column *left, const Column *right) {
    Arena arena;
    int64_t largest = 0;
    int found = 0;
    begin(&arena);
    for (int64_t g = 0; g < groups; g++) largest = larger(largest, bounds[g + 1] - bounds[g]);
    int32_t *here = taken(&arena, left->size, sizeof(int32_t), 1), *there = taken(&arena, right->size, sizeof(int32_t), 1);
    uint8_t *met = taken(&arena, largest, 1, 0);
    int32_t next_here = 1, next_there = 1;
    for (int64_t g = 0; g < groups && !arena.failed && !found; g++) {
        int32_t base_here = next_here, base_there = next_there;
        for (int64_t k = bounds[g]; k < bounds[g + 1]; k++) {
            int64_t row = order[k];
            int32_t *a = here + code_of(left, row), *b = there + code_of(right, row);
            if (*a < base_here) *a = next_here++;
            if (*b < base_there) *b = next_there++;
        }
        int64_t many = next_there - base_there, wanted = (next_here - base_here) * many, seen = 0;
        if (many == 1 || wanted == many) continue;
        found = wanted > bounds[g + 1] - bounds[g];
        if (found) break;
        memset(met, 0, (size_t)wanted);
        for (int64_t k = bounds[g]; k < bounds[g + 1] && seen < wanted; k++) {
            int64_t row = order[k];
            uint8_t *pair = met + (here[code_of(left, row)] - base_here) * many + there[code_of(right, row)] - base_there;
            seen += !*pair;
            *pair = 1;
        }
        found = seen < wanted;
    }
    int failed = arena.failed;
    end(&arena);
    return failed ? -1 : found;
}

/* -- dictionaries ----------------------------------------------------------------------------------------------------- */

/* The different values of a column, in the order in which they were met. They lie one after another in `bytes`, each of
   `width`, or, where `width` is 0, of its own length: value k then ends where k + 1 of `ends` says, in 4 bytes, or in
   8 where `wide`. `slots` hold the number of a value after its hash, counted from 1. The memory is the caller's to let go. */
typedef struct {
    uint8_t *bytes;
    void *ends;
    uint32_t *slots;
    int64_t used, room;       /* of `bytes` */
    int64_t count, most;      /* of values, and for how many there is room */
    int64_t places;           /* of `slots`: a power of two */
    int64_t width, wide;
    int64_t closed;           /* whether other values than these get the number 0 */
} Dictionary;

#define MOST_VALUES ((int64_t)INT32_MAX - 1)

INLINE int64_t end_of(const Dictionary *known, int64_t at) {
    return known->wide ? ((const int64_t *)known->ends)[at] : (int64_t)((const int32_t *)known->ends)[at];
}

INLINE uint64_t hash_of(const uint8_t *value, int64_t length) {
    uint64_t hash = (uint64_t)length * 0x9E3779B97F4A7C15u, word;
    for (; length >= 8; value += 8, length -= 8) {
        memcpy(&word, value, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    if (length) {
        word = 0;
        memcpy(&word, value, (size_t)length);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    }
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93u; /* texts often differ in their last letters alone: the high bits */
    return hash ^ hash >> 32;
}

static int grown(void **memory, int64_t bytes) {
    void *more = realloc(*memory, (size_t)larger(bytes, 1));
    if (!more) return -1;
    *memory = more;
    return 0;
}

/* room for one more value, of `length` bytes */
static int made_room(Dictionary *known, int64_t length) {
    if (known->count >= MOST_VALUES) return -1;
    if (known->used + length > known->room) {
        int64_t room = larger(known->used + length, known->room + known->room / 4 + 4096);
        if (grown((void **)&known->bytes, room)) return -1;
        known->room = room;
    }
    if (!known->width && known->count + 1 >= known->most) {
        int64_t most = known->most + known->most / 4 + 1024;
        if (grown(&known->ends, (most + 1) * (known->wide ? 8 : 4))) return -1;
        if (!known->most) memset(known->ends, 0, 8);
        known->most = most;
    }
    if (!known->width && !known->wide && known->used + length > INT32_MAX) {
        if (grown(&known->ends, (known->most + 1) * 8)) return -1;
        for (int64_t k = known->count; k >= 0; k--) ((int64_t *)known->ends)[k] = ((const int32_t *)known->ends)[k];
        known->wide = 1;
    }
    if (4 * (known->count + 1) > 3 * known->places) {
        int64_t places = known->places ? 2 * known->places : 1024;
        free(known->slots); /* what it held is known: no need of the old and the new at once */
        known->slots = calloc((size_t)places, sizeof(uint32_t));
        known->places = known->slots ? places : 0;
        if (!known->slots) return -1;
        int64_t start = 0;
        for (int64_t k = 0; k < known->count; k++) {
            int64_t end = known->width ? start + known->width : end_of(known, k + 1);
            uint64_t at = hash_of(known->bytes + start, end - start) & (uint64_t)(places - 1);
            while (known->slots[at]) at = (at + 1) & (uint64_t)(places - 1);
            known->slots[at] = (uint32_t)(k + 1);
            start = end;
        }
    }
    return 0;
}

/* the number of a value, from 1; a new one where it was not met before; 0 where memory is short, or no new one is wanted */
INLINE uint32_t number_of(Dictionary *known, const uint8_t *value, int64_t length, int64_t width) {
    uint64_t hash = hash_of(value, length), most = (uint64_t)(known->places - 1), at = hash & most;
    for (uint32_t found; known->places && (found = known->slots[at]); at = (at + 1) & most) {
        if (width) {
            if (!memcmp(known->bytes + (int64_t)(found - 1) * width, value, (size_t)width)) return found;
        } else {
            int64_t start = end_of(known, found - 1);
            if (end_of(known, found) - start == length && !memcmp(known->bytes + start, value, (size_t)length)) return found;
        }
    }
    if (known->closed || made_room(known, length)) return 0;
    most = (uint64_t)(known->places - 1);
    for (at = hash & most; known->slots[at];) at = (at + 1) & most;
    memcpy(known->bytes + known->used, value, (size_t)length);
    known->used += length;
    known->count++;
    if (!width) {
        if (known->wide)
            ((int64_t *)known->ends)[known->count] = known->used;
        else
            ((int32_t *)known->ends)[known->count] = (int32_t)known->used;
    }
    return known->slots[at] = (uint32_t)known->count;
}

INLINE int filled(const uint8_t *valid, int64_t at) { return !valid || (valid[at / 8] >> (at % 8) & 1); }

#define OF_WIDTH(w) \
    case w: \
        for (int64_t row = 0; row < rows; row++) { \
            int64_t at = first + row; \
            if (!filled(valid, at)) numbers[row] = 0; \
            else if (!(numbers[row] = number_of(known, values + at * w, w, w)) && !known->closed) return -1; \
        } \
        return 0;

/* Number the values of `rows` rows from row `first`, each of the dictionary's width; 0 for those that are not `valid`. */
PUBLIC int dictionary_of_fixed(
    Dictionary *known, const uint8_t *values, const uint8_t *valid, int64_t first, int64_t rows, uint32_t *numbers
) {
    switch (known->width) {
        OF_WIDTH(1)
        OF_WIDTH(2)
        OF_WIDTH(4)
        OF_WIDTH(8)
        OF_WIDTH(16)
    default:
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = first + row;
            if (!filled(valid, at)) numbers[row] = 0;
            else if (!(numbers[row] = number_of(known, values + at * known->width, known->width, known->width)) && !known->closed)
                return -1;
        }
        return 0;
    }
}

/* The same for values of their own lengths, value k reaching from offset k to offset k + 1, of 4 bytes each or 8. */
PUBLIC int dictionary_of_varied(
    Dictionary *known, const uint8_t *values, const void *offsets, int64_t bytes, const uint8_t *valid, int64_t first,
    int64_t rows, uint32_t *numbers
) {
    for (int64_t row = 0; row < rows; row++) {
        int64_t at = first + row, start, end;
        if (bytes == 8) {
            start = ((const int64_t *)offsets)[at];
            end = ((const int64_t *)offsets)[at + 1];
        } else {
            start = ((const int32_t *)offsets)[at];
            end = ((const int32_t *)offsets)[at + 1];
        }
        if (!filled(valid, at)) numbers[row] = 0;
        else if (!(numbers[row] = number_of(known, values + start, end - start, 0)) && !known->closed) return -1;
    }
    return 0;
}

/* Let go what only finding needs, and the room that was not used. */
PUBLIC void dictionary_done(Dictionary *known) {
    free(known->slots);
    known->slots = NULL;
    known->places = 0;
    if (grown((void **)&known->bytes, known->used) == 0) known->room = known->used;
    if (!known->width && grown(&known->ends, (known->count + 1) * (known->wide ? 8 : 4)) == 0) {
        if (!known->count) memset(known->ends, 0, known->wide ? 8 : 4);
        known->most = known->count;
    }
}
