/* Training kernels for CPUs with AVX-512 BF16. Rows are tokens, packed without padding.
 *
 * attention_forward/backward: a batch is a list of clips; a clip is one prefix followed by any number of
 * segments. A prefix row attends the prefix causally; a segment row attends the whole prefix and its own
 * segment causally. Softmax attention is recomputed block by block in the backward pass (FlashAttention,
 * Dao et al. 2022), so no score matrix is ever stored.
 *
 * One product serves all: C[m,n] (+)= sum over k of A[m,k] * B[k,n], where A is read as pairs of bf16 with any
 * strides and B is packed as [k/2][n][2], the operand order of VDPBF16PS. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint16_t bf16;
enum { ROWS = 32, MAX_HEAD = 64 };

static inline float widen(bf16 x) { uint32_t u = (uint32_t)x << 16; float f; memcpy(&f, &u, 4); return f; }
static inline __m512 load16(const bf16 *p) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)), 16));
}
static inline void store16(bf16 *p, __m512 x) { _mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh(x)); }
static inline bf16 narrow(float x) { uint32_t u; memcpy(&u, &x, 4); return (u + 0x7fff + ((u >> 16) & 1)) >> 16; }

/* exp by range reduction to [-ln2/2, ln2/2] and a degree-5 polynomial: relative error below 3e-7, far below bf16. */
static inline __m512 exp16(__m512 x) {
    x = _mm512_max_ps(x, _mm512_set1_ps(-87.f));
    __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), 8);
    __m512 f = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693147181f), x);
    __m512 p = _mm512_set1_ps(1.f / 120);
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.f / 24));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.f / 6));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(.5f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.f));
    return _mm512_scalef_ps(p, n);
}

/* ---- the product ---- */
#define TILE(NT)                                                                                                       \
    static inline void tile##NT(long pairs, const char *a, long sm, long sk, const bf16 *b, long ldb, float *c,        \
                                long ldc, int add) {                                                                   \
        __m512 acc[8][NT];                                                                                             \
        _Pragma("GCC unroll 8") for (int m = 0; m < 8; m++)                                                            \
            _Pragma("GCC unroll 3") for (int n = 0; n < NT; n++)                                                       \
                acc[m][n] = add ? _mm512_loadu_ps(c + m * ldc + n * 16) : _mm512_setzero_ps();                         \
        for (long k = 0; k < pairs; k++, b += 2 * ldb) {                                                               \
            __m512bh v[NT];                                                                                            \
            _Pragma("GCC unroll 3") for (int n = 0; n < NT; n++) v[n] = (__m512bh)_mm512_loadu_si512(b + n * 32);      \
            _Pragma("GCC unroll 8") for (int m = 0; m < 8; m++) {                                                      \
                __m512bh u = (__m512bh)_mm512_set1_epi32(*(const int32_t *)(a + m * sm + k * sk));                     \
                _Pragma("GCC unroll 3") for (int n = 0; n < NT; n++)                                                   \
                    acc[m][n] = _mm512_dpbf16_ps(acc[m][n], u, v[n]);                                                  \
            }                                                                                                          \
        }                                                                                                              \
        _Pragma("GCC unroll 8") for (int m = 0; m < 8; m++)                                                            \
            _Pragma("GCC unroll 3") for (int n = 0; n < NT; n++) _mm512_storeu_ps(c + m * ldc + n * 16, acc[m][n]);    \
    }
TILE(1)
TILE(2)
TILE(3)

/* m a multiple of 8, n of 16; strides of A in bytes, ldb in columns. */
static void product(long m, long n, long pairs, const void *a, long sm, long sk, const bf16 *b, long ldb, float *c,
                    long ldc, int add) {
    for (long j = 0; j < n;) {
        long w = n - j >= 48 ? 48 : n - j >= 32 ? 32 : 16;
        for (long i = 0; i < m; i += 8) {
            const char *ai = (const char *)a + i * sm;
            if (w == 48) tile3(pairs, ai, sm, sk, b + 2 * j, ldb, c + i * ldc + j, ldc, add);
            else if (w == 32) tile2(pairs, ai, sm, sk, b + 2 * j, ldb, c + i * ldc + j, ldc, add);
            else tile1(pairs, ai, sm, sk, b + 2 * j, ldb, c + i * ldc + j, ldc, add);
        }
        j += w;
    }
}

/* ---- layout ---- */
/* rows [n][d] -> [d/2][cols][2] and [cols/2][d][2]; rows from n to cols must be zero. */
static void pack(const bf16 *x, long cols, long d, bf16 *by_dim, bf16 *by_row) {
    if (by_dim)
        for (long p = 0; p < d / 2; p++) {
            uint32_t *o = (uint32_t *)by_dim + p * cols;
            for (long i = 0; i < cols; i++) memcpy(o + i, x + i * d + 2 * p, 4);
        }
    for (long i = 0; i < cols; i += 2) {
        uint32_t *o = (uint32_t *)by_row + i / 2 * d;
        const bf16 *r0 = x + i * d, *r1 = r0 + d;
        for (long j = 0; j < d; j++) o[j] = r0[j] | (uint32_t)r1[j] << 16;
    }
}

/* Rotary embedding of one row in the rotate-half order; sign -1 turns back. */
static void rotate(const float *x, const float *cs, const float *sn, long d, float sign, float *y) {
    for (long i = 0; i < d / 2; i++) {
        float a = x[i], b = x[i + d / 2], s = sign * sn[i];
        y[i] = a * cs[i] - b * s;
        y[i + d / 2] = b * cs[i] + a * s;
    }
}
static void load_rotated(const bf16 *x, const float *cs, const float *sn, long d, bf16 *y) {
    float a[MAX_HEAD], b[MAX_HEAD];
    for (long i = 0; i < d; i++) a[i] = widen(x[i]);
    rotate(a, cs, sn, d, 1, b);
    for (long i = 0; i < d; i += 16) store16(y + i, _mm512_loadu_ps(b + i));
}
static void store_turned_back(const float *x, const float *cs, const float *sn, long d, bf16 *y) {
    float b[MAX_HEAD];
    rotate(x, cs, sn, d, -1, b);
    for (long i = 0; i < d; i += 16) store16(y + i, _mm512_loadu_ps(b + i));
}

/* ---- one block of rows ---- */
typedef struct {
    long first, count;             /* rows of the clip */
    long end0, start1, end1, cols; /* keys [0,end0) and [start1,end1), multiples of 16; cols of both */
} Block;

static Block block_of(long first, long count, long prefix, const int32_t *own) {
    Block b = {first, count, 0, 0, 0, 0};
    long last = (first + count + 15) / 16 * 16, low = own[first] / 16 * 16, full = (prefix + 15) / 16 * 16;
    if (first < prefix || low <= full) b.end0 = last;
    else b.end0 = full, b.start1 = low, b.end1 = last;
    b.cols = b.end0 + b.end1 - b.start1;
    return b;
}

static void hide(const Block *b, float *s, long from, long to) {
    for (long k = from; k < to && k < b->end0; k++) s[k] = -1e30f;
    long lo = from > b->start1 ? from : b->start1;
    for (long k = lo; k < to && k < b->end1; k++) s[b->end0 + k - b->start1] = -1e30f;
}
static void hide_row(const Block *b, float *s, long row, long prefix, long own) {
    long end = b->end1 ? b->end1 : b->end0;
    hide(b, s, row < prefix ? 0 : prefix, own);
    hide(b, s, row + 1, end);
}

static void products_with_keys(const Block *b, const bf16 *rows, long d, const bf16 *by_dim, long keys, float *s, long ld) {
    product(ROWS, b->end0, d / 2, rows, 2 * d, 4, by_dim, keys, s, ld, 0);
    if (b->end1) product(ROWS, b->end1 - b->start1, d / 2, rows, 2 * d, 4, by_dim + 2 * b->start1, keys, s + b->end0, ld, 0);
}
static void products_over_keys(const Block *b, const bf16 *p, long ld, const bf16 *by_row, long d, float *out) {
    product(ROWS, d, b->end0 / 2, p, 2 * ld, 4, by_row, d, out, d, 0);
    if (b->end1) product(ROWS, d, (b->end1 - b->start1) / 2, p + b->end0, 2 * ld, 4, by_row + b->start1 * d, d, out, d, 1);
}
/* keys[k] += sum over rows of p[row][k] * x[row]; pt is p as [row/2][cols][2], x packed by row. */
static void products_over_rows(const Block *b, const uint32_t *pt, long ld, const bf16 *x, long d, float *keys) {
    product(b->end0, d, ROWS / 2, pt, 4, 4 * ld, x, d, keys, d, 1);
    if (b->end1) product(b->end1 - b->start1, d, ROWS / 2, pt + b->end0, 4, 4 * ld, x, d, keys + b->start1 * d, d, 1);
}

typedef struct {
    const bf16 *qkv;
    const float *cosine, *sine;          /* [positions][d/2] */
    const int32_t *position, *own, *clips; /* own: first row of the row's segment within the clip; clips: start, prefix, rows */
    long clip_count, tokens, heads, groups, d; /* groups: key/value heads */
} Batch;

static long width(const Batch *t) { return (t->heads + 2 * t->groups) * t->d; }

static void *scratch(size_t bytes) { return aligned_alloc(64, (bytes + 63) / 64 * 64); }

/* Rows first.. of one head, rotated or plain, zero padded to ROWS. */
static void take_rows(const Batch *t, const bf16 *base, long stride, long token, long count, int turn, bf16 *out) {
    memset(out, 0, ROWS * t->d * 2);
    for (long i = 0; i < count; i++) {
        const bf16 *x = base + (token + i) * stride;
        long at = t->position[token + i] * (t->d / 2);
        if (turn) load_rotated(x, t->cosine + at, t->sine + at, t->d, out + i * t->d);
        else memcpy(out + i * t->d, x, t->d * 2);
    }
}

static void take_keys(const Batch *t, long start, long rows, long keys, long group, bf16 *k, bf16 *v) {
    memset(k, 0, keys * t->d * 2), memset(v, 0, keys * t->d * 2);
    for (long i = 0; i < rows; i++) {
        const bf16 *x = t->qkv + (start + i) * width(t) + (t->heads + group) * t->d;
        long at = t->position[start + i] * (t->d / 2);
        load_rotated(x, t->cosine + at, t->sine + at, t->d, k + i * t->d);
        memcpy(v + i * t->d, x + t->groups * t->d, t->d * 2);
    }
}

static float softmax_row(float *s, long cols, float scale, bf16 *p) {
    __m512 top = _mm512_set1_ps(-1e30f), sum = _mm512_setzero_ps(), k = _mm512_set1_ps(scale);
    for (long c = 0; c < cols; c += 16) top = _mm512_max_ps(top, _mm512_loadu_ps(s + c));
    float m = _mm512_reduce_max_ps(top) * scale;
    for (long c = 0; c < cols; c += 16) {
        __m512 e = exp16(_mm512_fmsub_ps(_mm512_loadu_ps(s + c), k, _mm512_set1_ps(m)));
        sum = _mm512_add_ps(sum, e);
        store16(p + c, e);
    }
    return m + logf(_mm512_reduce_add_ps(sum));
}

/* out [tokens][heads*d] bf16; lse [heads][tokens], log of the softmax's denominator. */
void attention_forward(const Batch *t, bf16 *out, float *lse) {
    long d = t->d, most = 0, share = t->heads / t->groups;
    for (long c = 0; c < t->clip_count; c++) if (t->clips[3 * c + 2] > most) most = t->clips[3 * c + 2];
    most = (most + 47) / 16 * 16;
    bf16 *k = scratch(most * d * 2), *v = scratch(most * d * 2), *kd = scratch(most * d * 2), *kr = scratch(most * d * 2);
    bf16 *vr = scratch(most * d * 2), *q = scratch(ROWS * d * 2), *p = scratch(ROWS * 2 * most * 2);
    float *s = scratch(ROWS * 2 * most * 4), *o = scratch(ROWS * d * 4), scale = 1 / sqrtf(d);
    for (long c = 0; c < t->clip_count; c++) {
        long start = t->clips[3 * c], prefix = t->clips[3 * c + 1], rows = t->clips[3 * c + 2], keys = (rows + 15) / 16 * 16;
        for (long g = 0; g < t->groups; g++) {
            take_keys(t, start, rows, keys, g, k, v);
            pack(k, keys, d, kd, kr), pack(v, keys, d, 0, vr);
            for (long h = g * share; h < (g + 1) * share; h++)
                for (long r = 0, n; r < rows; r += n) {
                    long stop = r < prefix ? prefix : rows;
                    n = stop - r < ROWS ? stop - r : ROWS;
                    Block b = block_of(r, n, prefix, t->own + start);
                    take_rows(t, t->qkv + h * d, width(t), start + r, n, 1, q);
                    products_with_keys(&b, q, d, kd, keys, s, b.cols);
                    memset(p, 0, ROWS * b.cols * 2);
                    for (long i = 0; i < n; i++) {
                        hide_row(&b, s + i * b.cols, r + i, prefix, t->own[start + r + i]);
                        lse[h * t->tokens + start + r + i] = softmax_row(s + i * b.cols, b.cols, scale, p + i * b.cols);
                    }
                    products_over_keys(&b, p, b.cols, vr, d, o);
                    for (long i = 0; i < n; i++) {
                        __m512 top = _mm512_setzero_ps();
                        for (long x = 0; x < b.cols; x += 16) top = _mm512_add_ps(top, load16(p + i * b.cols + x));
                        __m512 inverse = _mm512_set1_ps(1 / _mm512_reduce_add_ps(top));
                        for (long x = 0; x < d; x += 16)
                            store16(out + (start + r + i) * t->heads * d + h * d + x,
                                    _mm512_mul_ps(inverse, _mm512_loadu_ps(o + i * d + x)));
                    }
                }
        }
    }
    free(k), free(v), free(kd), free(kr), free(vr), free(q), free(p), free(s), free(o);
}

typedef struct {
    bf16 *k, *v, *kd, *kr, *vd, *vr, *q, *g, *qr, *gr, *ds;
    uint32_t *pt, *dst;
    float *s, *dp, *dq, *dk, *dv;
} Work;

static Work workspace(long most, long d) {
    size_t key = most * d * 2, row = ROWS * d * 2, score = ROWS * 2 * most * 4;
    Work w = {scratch(key), scratch(key), scratch(key), scratch(key), scratch(key), scratch(key), scratch(row), scratch(row),
              scratch(row), scratch(row), scratch(score), scratch(score), scratch(score), scratch(score), scratch(score),
              scratch(2 * row), scratch(2 * key), scratch(2 * key)};
    return w;
}
static void release(Work *w) {
    void **p = (void **)w;
    for (size_t i = 0; i < sizeof *w / sizeof *p; i++) free(p[i]);
}

/* From scores s and dp of one row: p to s's place and ds = p * (dp - delta) * scale to dp's place. */
static void softmax_row_backward(float *s, float *dp, long cols, float scale, float lse, float delta) {
    __m512 k = _mm512_set1_ps(scale), l = _mm512_set1_ps(lse), e = _mm512_set1_ps(delta);
    for (long c = 0; c < cols; c += 16) {
        __m512 p = exp16(_mm512_fmsub_ps(_mm512_loadu_ps(s + c), k, l));
        _mm512_storeu_ps(s + c, p);
        _mm512_storeu_ps(dp + c, _mm512_mul_ps(_mm512_mul_ps(p, k), _mm512_sub_ps(_mm512_loadu_ps(dp + c), e)));
    }
}

/* fp32 [ROWS][cols] to bf16 pairs of rows [ROWS/2][cols][2]. */
static void pair_rows(const float *x, long cols, uint32_t *y) {
    for (long r = 0; r < ROWS; r += 2)
        for (long c = 0; c < cols; c += 16) {
            __m512i a = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(x + r * cols + c)));
            __m512i b = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(x + (r + 1) * cols + c)));
            _mm512_storeu_si512(y + r / 2 * cols + c, _mm512_or_si512(a, _mm512_slli_epi32(b, 16)));
        }
}

static void block_backward(const Batch *t, Work *w, long start, long r, long n, long prefix, long keys, long h,
                           const bf16 *out, const bf16 *dout, const float *lse, bf16 *dqkv) {
    long d = t->d, wide = t->heads * d;
    float scale = 1 / sqrtf(d);
    Block b = block_of(r, n, prefix, t->own + start);
    take_rows(t, t->qkv + h * d, width(t), start + r, n, 1, w->q);
    take_rows(t, dout + h * d, wide, start + r, n, 0, w->g);
    pack(w->q, ROWS, d, 0, w->qr), pack(w->g, ROWS, d, 0, w->gr);
    products_with_keys(&b, w->q, d, w->kd, keys, w->s, b.cols);
    products_with_keys(&b, w->g, d, w->vd, keys, w->dp, b.cols);
    for (long i = 0; i < ROWS; i++) {
        float *s = w->s + i * b.cols, *dp = w->dp + i * b.cols, delta = 0;
        if (i >= n) { memset(s, 0, b.cols * 4), memset(dp, 0, b.cols * 4); continue; }
        const bf16 *o = out + (start + r + i) * wide + h * d, *g = dout + (start + r + i) * wide + h * d;
        for (long x = 0; x < d; x++) delta += widen(o[x]) * widen(g[x]);
        hide_row(&b, s, r + i, prefix, t->own[start + r + i]);
        softmax_row_backward(s, dp, b.cols, scale, lse[h * t->tokens + start + r + i], delta);
    }
    pair_rows(w->s, b.cols, w->pt), pair_rows(w->dp, b.cols, w->dst);
    for (long i = 0; i < ROWS * b.cols; i += 16) store16(w->ds + i, _mm512_loadu_ps(w->dp + i));
    products_over_rows(&b, w->pt, b.cols, w->gr, d, w->dv);
    products_over_rows(&b, w->dst, b.cols, w->qr, d, w->dk);
    products_over_keys(&b, w->ds, b.cols, w->kr, d, w->dq);
    for (long i = 0; i < n; i++) {
        long at = t->position[start + r + i] * (d / 2);
        store_turned_back(w->dq + i * d, t->cosine + at, t->sine + at, d, dqkv + (start + r + i) * width(t) + h * d);
    }
}

void attention_backward(const Batch *t, const bf16 *out, const float *lse, const bf16 *dout, bf16 *dqkv) {
    long d = t->d, most = 0, share = t->heads / t->groups;
    for (long c = 0; c < t->clip_count; c++) if (t->clips[3 * c + 2] > most) most = t->clips[3 * c + 2];
    most = (most + 47) / 16 * 16;
    Work w = workspace(most, d);
    for (long c = 0; c < t->clip_count; c++) {
        long start = t->clips[3 * c], prefix = t->clips[3 * c + 1], rows = t->clips[3 * c + 2], keys = (rows + 15) / 16 * 16;
        for (long g = 0; g < t->groups; g++) {
            take_keys(t, start, rows, keys, g, w.k, w.v);
            pack(w.k, keys, d, w.kd, w.kr), pack(w.v, keys, d, w.vd, w.vr);
            memset(w.dk, 0, most * d * 4), memset(w.dv, 0, most * d * 4);
            for (long h = g * share; h < (g + 1) * share; h++)
                for (long r = 0, n; r < rows; r += n) {
                    long stop = r < prefix ? prefix : rows;
                    n = stop - r < ROWS ? stop - r : ROWS;
                    block_backward(t, &w, start, r, n, prefix, keys, h, out, dout, lse, dqkv);
                }
            for (long i = 0; i < rows; i++) {
                bf16 *x = dqkv + (start + i) * width(t) + (t->heads + g) * d;
                long at = t->position[start + i] * (d / 2);
                store_turned_back(w.dk + i * d, t->cosine + at, t->sine + at, d, x);
                for (long j = 0; j < d; j += 16) store16(x + t->groups * d + j, _mm512_loadu_ps(w.dv + i * d + j));
            }
        }
    }
    release(&w);
}

/* ---- rows of width n, a multiple of 16 ---- */
/* x += y (y may be null); z = x / rms(x) * weight; inverse[row] = 1 / rms. */
void add_norm_forward(float *x, const bf16 *y, const float *weight, long rows, long n, bf16 *z, float *inverse) {
    for (long r = 0; r < rows; r++, x += n, z += n) {
        __m512 sum = _mm512_setzero_ps();
        for (long i = 0; i < n; i += 16) {
            __m512 a = _mm512_loadu_ps(x + i);
            if (y) a = _mm512_add_ps(a, load16(y + i)), _mm512_storeu_ps(x + i, a);
            sum = _mm512_fmadd_ps(a, a, sum);
        }
        if (y) y += n;
        inverse[r] = 1 / sqrtf(_mm512_reduce_add_ps(sum) / n + 1e-6f);
        __m512 k = _mm512_set1_ps(inverse[r]);
        for (long i = 0; i < n; i += 16)
            store16(z + i, _mm512_mul_ps(_mm512_mul_ps(_mm512_loadu_ps(x + i), k), _mm512_loadu_ps(weight + i)));
    }
}

/* dx (+)= gradient of the norm at x; dweight += . dy, if given, receives dx rounded. */
void add_norm_backward(const float *x, const float *weight, const float *inverse, const bf16 *dz, long rows, long n,
                       float *dx, float *dweight, bf16 *dy) {
    for (long r = 0; r < rows; r++, x += n, dz += n, dx += n) {
        __m512 dot = _mm512_setzero_ps(), k = _mm512_set1_ps(inverse[r]);
        for (long i = 0; i < n; i += 16) {
            __m512 g = load16(dz + i), a = _mm512_mul_ps(_mm512_loadu_ps(x + i), k);
            dot = _mm512_fmadd_ps(_mm512_mul_ps(g, _mm512_loadu_ps(weight + i)), a, dot);
            _mm512_storeu_ps(dweight + i, _mm512_fmadd_ps(g, a, _mm512_loadu_ps(dweight + i)));
        }
        __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(dot) / n);
        for (long i = 0; i < n; i += 16) {
            __m512 g = _mm512_mul_ps(load16(dz + i), _mm512_loadu_ps(weight + i));
            __m512 a = _mm512_mul_ps(_mm512_loadu_ps(x + i), k);
            __m512 v = _mm512_fmadd_ps(_mm512_fnmadd_ps(a, mean, g), k, _mm512_loadu_ps(dx + i));
            _mm512_storeu_ps(dx + i, v);
            if (dy) store16(dy + i, v);
        }
        if (dy) dy += n;
    }
}

/* x [rows][2n] = gate, up; y = silu(gate) * up. */
void swiglu_forward(const bf16 *x, long rows, long n, bf16 *y) {
    __m512 one = _mm512_set1_ps(1);
    for (long r = 0; r < rows; r++, x += 2 * n, y += n)
        for (long i = 0; i < n; i += 16) {
            __m512 g = load16(x + i), e = exp16(_mm512_sub_ps(_mm512_setzero_ps(), _mm512_min_ps(g, _mm512_set1_ps(80))));
            store16(y + i, _mm512_mul_ps(_mm512_div_ps(g, _mm512_add_ps(one, e)), load16(x + n + i)));
        }
}
void swiglu_backward(const bf16 *x, const bf16 *dy, long rows, long n, bf16 *dx) {
    __m512 one = _mm512_set1_ps(1);
    for (long r = 0; r < rows; r++, x += 2 * n, dx += 2 * n, dy += n)
        for (long i = 0; i < n; i += 16) {
            __m512 g = load16(x + i), u = load16(x + n + i), d = load16(dy + i);
            __m512 e = exp16(_mm512_sub_ps(_mm512_setzero_ps(), _mm512_min_ps(g, _mm512_set1_ps(80))));
            __m512 s = _mm512_div_ps(one, _mm512_add_ps(one, e)), a = _mm512_mul_ps(g, s);
            store16(dx + n + i, _mm512_mul_ps(d, a));
            __m512 slope = _mm512_mul_ps(s, _mm512_fmadd_ps(g, _mm512_sub_ps(one, s), one));
            store16(dx + i, _mm512_mul_ps(_mm512_mul_ps(d, u), slope));
        }
}
