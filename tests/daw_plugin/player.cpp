// The plugin without a host: its player and its file, as a library that tests call block by block.
#include "Delay.hpp"
#include "Player.hpp"
#include "SharedFile.hpp"

#include <cstring>

namespace {

struct Instance {
    sempre::SharedFile file{"test"};
    sempre::Player player{file.bond()};
    sempre::Delay delay;
};

}  // namespace

extern "C" {

void* instance_new() { return new Instance; }

void instance_delete(void* const instance) { delete static_cast<Instance*>(instance); }

// Plays a block; writes a row of frame, size and three bytes for each message, and gives how many.
uint32_t instance_run(void* const instance, const double beat, const double bpm, const int64_t frame, const int64_t clock,
                      const int rolls, const int muted, const uint32_t frames, uint32_t* const rows, const uint32_t most) {
    sempre::Moment moment;
    moment.beat = beat;
    moment.bpm = bpm;
    moment.frame = frame;
    moment.clock = clock;
    moment.rolls = rolls != 0;
    moment.muted = muted != 0;
    uint32_t count = 0;
    auto& [file, player, delay] = *static_cast<Instance*>(instance);
    player.run(moment, frames, [&](const uint32_t at, const uint8_t* const bytes, const uint32_t size) {
        delay.put(player.first() + at + player.latency(), bytes, size);
    });
    delay.take(player.first(), frames, [&](const uint32_t at, const uint8_t* const bytes, const uint32_t size) {
        if (count < most) {
            uint32_t* const row = rows + 5 * count++;
            row[0] = at;
            row[1] = size;
            for (uint32_t i = 0; i < 3; ++i) row[2 + i] = i < size ? bytes[i] : 0;
        }
    });
    return count;
}

// Gives the sound of the block that was played last.
void instance_listen(void* const instance, float* const left, float* const right, const uint32_t frames) {
    static_cast<Instance*>(instance)->player.listen(left, right, frames);
}

uint32_t instance_latency(void* const instance) { return static_cast<Instance*>(instance)->player.latency(); }

uint32_t instance_sounding(void* const instance) { return static_cast<Instance*>(instance)->player.sounding(); }

int instance_bound(void* const instance) { return static_cast<Instance*>(instance)->player.bound(); }

uint64_t bond_offset(const char* const name) {
    const auto is = [name](const char* const other) { return std::strcmp(name, other) == 0; };
    if (is("name")) return offsetof(sempre::Bond, name);
    if (is("seed")) return offsetof(sempre::Bond, seed);
    if (is("now")) return offsetof(sempre::Bond, now);
    if (is("macros")) return offsetof(sempre::Bond, now) + offsetof(sempre::Now, macros);
    if (is("owner")) return offsetof(sempre::Bond, owner);
    if (is("flushes")) return offsetof(sempre::Bond, flushes);
    if (is("played")) return offsetof(sempre::Bond, played);
    if (is("pages")) return offsetof(sempre::Bond, pages);
    if (is("cued")) return offsetof(sempre::Bond, cued);
    if (is("sounded")) return offsetof(sempre::Bond, sounded);
    if (is("cues")) return offsetof(sempre::Bond, cues);
    if (is("sound")) return offsetof(sempre::Bond, sound);
    return sizeof(sempre::Bond);
}
}
