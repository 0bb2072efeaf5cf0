// What the plugin and an engine share: one file in memory for each instance of the plugin.
//
// The plugin makes the file and removes it; engines find it in the folder, and one of them binds itself to it.
// Nobody waits for anybody, and either side may die between any two stores. The engine's side is
// bridge/bond_memory.py, which has the same offsets; VERSION counts the changes of either.
//
// Time is in beats of the host: quarter notes from the beginning of its song. What an engine has planned lies
// in pages of a beat each. A page is found by its beat, not by the order in which it was written: so a host
// that jumps back, or runs through a loop, finds there what was planned before without waiting for anybody.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sempre {

constexpr uint32_t MAGIC = 0x42706d53;  // "SmpB"
constexpr uint32_t VERSION = 2;
constexpr uint32_t PAGES = 512;         // 128 bars of four beats: 3 MB
constexpr uint32_t EVENTS = 256;        // in a page
constexpr uint32_t MACROS = 8;
constexpr uint32_t TEXT = 64;           // bytes of a text, with the zero at its end
constexpr uint32_t CUES = 4096;         // begins and ends of sounds that are on their way
constexpr uint32_t FRAMES = 32768;      // of sound: 0.68 s at 48 kHz
constexpr uint32_t NUMBER = 7;          // bytes of an event that says not a message but the number of a sound
constexpr uint64_t ENDS = 1ULL << 63;   // in a cue: what it says begins no sound, but ends one

// Numbers are written and read whole; they are in shared memory, so both sides need them free of locks.
using U32 = std::atomic<uint32_t>;
using U64 = std::atomic<uint64_t>;
using I64 = std::atomic<int64_t>;
using F64 = std::atomic<double>;
using F32 = std::atomic<float>;
static_assert(U64::is_always_lock_free && F64::is_always_lock_free && F32::is_always_lock_free,
              "a number that takes a lock cannot be shared with another process");

// One note or message, or a sound. A note has a length; it is ended by the plugin and by nobody else.
struct Event {
    F64 beat;     // when it begins
    F64 length;   // in beats; below 0 for a message that ends nothing
    U64 bytes;    // the first byte lowest; the highest byte says how many: 1 to 3, or NUMBER
};

// All that begins within one beat, in order. `sum` is made of all that belongs to it: a page that was written
// in part when its engine died, or is being written now, does not agree with its sum, and is passed over.
struct Page {
    I64 beat;            // which one, rounded down
    U32 count;
    U32 generation;      // of the engine's plan; one that is older than the bond's is of no use
    U64 sum;
    Event events[EVENTS];
};

// A sound that begins or ends, on its way to who makes it.
struct Cue {
    I64 frame;    // of those since the plugin was loaded
    U64 what;     // the number of what begins; or, with ENDS, the place of the cue that it began with
};

// Where the host is; written by the plugin at the begin of each block.
struct Now {
    U32 sequence;        // odd while it is written
    U32 rolls;           // whether the transport rolls
    F64 beat;            // of the block's first frame
    F64 bpm;             // quarter notes a minute
    F64 rate;            // frames a second
    F64 beats_per_bar;   // quarter notes
    I64 frame;           // of the song, as the host counts
    I64 ran;             // frames since the plugin was loaded
    I64 clock;           // nanoseconds of the system's monotonic clock
    U32 jumps;           // how often it was elsewhere than expected, or began or ended to roll
    U32 offline;         // whether it renders faster than in real time, and waits for the engine
    U32 muted;           // by the host's parameter, or bypassed
    F32 quantum;         // cycles, by the host's parameter; 0 leaves it to the piece
    F32 macros[MACROS];  // 0 to 1
};

struct Bond {
    // Written once by the plugin, before the file gets its name.
    U32 magic;
    U32 version;
    U32 size;
    U32 process;
    U64 id;              // of the instance; it is saved with the host's session
    char format[TEXT];   // "LV2", "VST3", "VST2", "CLAP"
    char host[TEXT];     // the program that loaded it

    // Written by the plugin when it restores a state, and by the engine that is bound; both beside the sound.
    U32 told;            // counts what the plugin has told here
    U32 padding;
    char name[TEXT];     // as in plugin("Bass"); empty for one that is not named yet
    char set[2 * TEXT];  // the piece that it plays; empty for any
    char layers[2 * TEXT];  // which layers it plays; empty for all that are sent to it
    U64 seed;            // 0 for that of the piece

    alignas(64) Now now;

    // Written by the engine.
    alignas(64) U64 owner;  // who is bound: the number of its process
    U32 beats;           // counts on at least ten times a second while it lives
    U32 generation;      // pages of an older plan are void
    U32 flushes;         // counts on when all that sounds is to end
    U32 spare;

    // Written by the plugin, for whoever wants to know.
    alignas(64) U64 played;
    U64 late;            // that begin in a beat whose page came after it had begun
    U64 missing;         // blocks for which there was no page
    U64 waited;          // offline: microseconds that it waited for pages

    // Written by the plugin, for who makes sounds; see Sound.hpp.
    alignas(64) U64 cued;  // how many cues there ever were
    I64 reached;         // up to this frame all of them are
    U32 block;           // frames in the longest block so far
    U32 hollow;          // blocks for which not all of the sound was there

    // Written by who makes them.
    alignas(64) I64 sounded;  // up to this frame there is sound
    I64 from;            // from this one on
    U32 latency;         // frames by which it is heard later; 0 where no sound is made
    U32 unused;

    alignas(64) Page pages[PAGES];
    alignas(64) Cue cues[CUES];
    alignas(64) F32 sound[2][FRAMES];  // each frame at its number, as a remainder
};

static_assert(sizeof(Cue) == 16 && sizeof(F32) == 4, "plugin_host/daw_memory.py has the same");
static_assert(sizeof(Event) == 24, "bridge/bond_memory.py has the same");
static_assert(offsetof(Page, events) == 24 && sizeof(Page) == 24 + 24 * EVENTS, "bridge/bond_memory.py has the same");

// The page in which a beat lies.
inline uint32_t page_of(int64_t beat) { return uint32_t(beat & int64_t(PAGES - 1)); }

// Stirs a number into a sum; both sides do the same (Fowler, Noll and Vo, by words instead of bytes).
inline uint64_t stirred(uint64_t sum, uint64_t word) { return (sum ^ word) * 0x100000001b3ULL; }
constexpr uint64_t EMPTY_SUM = 0xcbf29ce484222325ULL;

}  // namespace sempre
