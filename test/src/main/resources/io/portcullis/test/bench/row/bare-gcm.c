/* Seals and opens ESP packets with libIPSec_MB in a loop and prints the median nanoseconds per packet for both. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PACKETS = 32, ROOM = 1536, TEXT = 1404, HEADER = 16, BURSTS = 100, ROUNDS = 1000000 };

/* Where IMB_MGR of 1.3 has the functions: the library's header may not be installed. */
enum { GCM128_ENCRYPT = 256, GCM128_DECRYPT = 280, GCM128_EXPAND = 448 };

typedef void gcm(const void *key, void *context, uint8_t *out, const uint8_t *in, uint64_t length, const uint8_t *iv,
                 const uint8_t *additional, uint64_t additional_length, uint8_t *tag, uint64_t tag_length);

extern void *alloc_mb_mgr(uint64_t flags);
extern void init_mb_mgr_auto(void *manager, void *arch);

static void *function(const char *manager, int at)
{
    void *pointer;
    memcpy(&pointer, manager + at, sizeof pointer);
    return pointer;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments)
{
    static uint8_t key[1024] __attribute__((aligned(64))), context[128] __attribute__((aligned(64)));
    static uint8_t packets[PACKETS * ROOM] __attribute__((aligned(64)));
    static double rounds[ROUNDS];
    uint8_t raw[16] = {0}, nonce[12] = {0}, tag[16];
    uint64_t sequence = 0, forged = 0;
    int done = 0;
    char *manager = alloc_mb_mgr(0);
    init_mb_mgr_auto(manager, NULL);
    gcm *encrypt = (gcm *)function(manager, GCM128_ENCRYPT);
    gcm *decrypt = (gcm *)function(manager, GCM128_DECRYPT);
    ((void (*)(const void *, void *))function(manager, GCM128_EXPAND))(raw, key);
    double end = now() + (count > 1 ? atof(arguments[1]) : 1) * 1e9;
    while (now() < end && done < ROUNDS) {
        double begin = now();
        for (int burst = 0; burst < BURSTS; burst++) {
            for (int i = 0; i < PACKETS; i++) {
                uint8_t *esp = packets + i * ROOM, *text = esp + HEADER;
                uint64_t big = __builtin_bswap64(++sequence);
                memcpy(esp + 8, &big, 8);
                memcpy(nonce + 4, &big, 8);
                encrypt(key, context, text, text, TEXT, nonce, esp, 8, text + TEXT, 16);
            }
            for (int i = 0; i < PACKETS; i++) {
                uint8_t *esp = packets + i * ROOM, *text = esp + HEADER;
                memcpy(nonce + 4, esp + 8, 8);
                decrypt(key, context, text, text, TEXT, nonce, esp, 8, tag, 16);
                forged += memcmp(tag, text + TEXT, 16) != 0;
            }
        }
        rounds[done++] = (now() - begin) / (BURSTS * PACKETS);
    }
    if (forged || !done)
        return 1;
    qsort(rounds, done, sizeof *rounds, ascending);
    printf("%.1f\n", rounds[done / 2]);
    return 0;
}
