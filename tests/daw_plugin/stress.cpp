// The player beside an engine that is killed and begins anew, in the middle of whatever it writes.
//
//   stress processes N    the engine is a process: killed N times, wherever it is
//   stress threads N      the engine is a thread, and another after it, N times: what a race detector sees
//
// Each note says in its key and velocity which beat and which writing it belongs to: a page that was read while
// it was written would show. Ends with 0 if every note came from a whole page, and every note was ended.
#include "Player.hpp"
#include "SharedFile.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using sempre::Bond;
using sempre::Event;
using sempre::Page;
constexpr auto relaxed = std::memory_order_relaxed;

uint64_t wordOf(const double value) {
    uint64_t out;
    std::memcpy(&out, &value, sizeof out);
    return out;
}

// As bridge/bond_memory.py does it: the head with no sum, the events, the sum.
void write(Bond& bond, const int64_t beat, const uint32_t generation, const uint8_t mark, const uint32_t count) {
    Page& page = bond.pages[sempre::page_of(beat)];
    page.beat.store(beat, relaxed);
    page.count.store(count, relaxed);
    page.generation.store(generation, relaxed);
    page.sum.store(0, relaxed);
    uint64_t sum = sempre::stirred(sempre::stirred(sempre::stirred(sempre::EMPTY_SUM, uint64_t(beat)), generation), count);
    for (uint32_t i = 0; i < count; ++i) {
        const double at = double(beat) + double(i) / count, length = 0.5 / count;
        const uint64_t bytes = 0x90u | uint64_t(beat & 127) << 8 | uint64_t(mark) << 16 | uint64_t(3) << 56;
        page.events[i].beat.store(at, relaxed);
        page.events[i].length.store(length, relaxed);
        page.events[i].bytes.store(bytes, relaxed);
        sum = sempre::stirred(sempre::stirred(sempre::stirred(sum, wordOf(at)), wordOf(length)), bytes);
    }
    page.sum.store(sum, std::memory_order_release);
}

// An engine: writes the pages around the host over and over, each time with another mark.
void engine(Bond& bond, const unsigned seed, const std::atomic<bool>* const over) {
    std::mt19937 some(seed);
    bond.owner.store(seed + 1);
    uint32_t generation = bond.generation.load();
    while (over == nullptr || !over->load(relaxed)) {
        bond.beats.fetch_add(1);
        const int64_t here = int64_t(bond.now.beat.load(relaxed));
        const uint8_t mark = uint8_t(1 + some() % 100);
        for (int64_t beat = here; beat < here + 8; ++beat) write(bond, beat, generation, mark, 1 + some() % 64);
        if (some() % 16 == 0) bond.generation.store(++generation);
        if (some() % 64 == 0) bond.flushes.fetch_add(1);
    }
}

struct Judge {
    uint64_t notes = 0, wrong = 0;
    int sounding[128] = {};

    void hear(const double beat, const double until, const uint8_t* const bytes) {
        if ((bytes[0] & 0xf0) == 0x90) {
            ++notes;
            if (sounding[bytes[1]]++ != 0) ++wrong;
            const int64_t first = int64_t(std::floor(beat - 0.3)), last = int64_t(std::floor(until));
            bool known = bytes[2] >= 1 && bytes[2] <= 100;
            bool near = false;
            for (int64_t one = first; one <= last; ++one) near = near || (one & 127) == bytes[1];
            if (!known || !near) ++wrong;
        } else if (--sounding[bytes[1]] != 0) {
            ++wrong;
        }
    }
};

}  // namespace

int main(const int count, char** const words) {
    if (count != 3) return 2;
    const bool processes = std::strcmp(words[1], "processes") == 0;
    const int rounds = std::atoi(words[2]);
    sempre::SharedFile file("stress");
    if (!file.shared()) return 3;
    Bond& bond = *file.bond();
    static sempre::Player player(&bond);
    Judge judge;
    std::mt19937 some(1);
    double beat = 0;
    int64_t frame = 0;
    const auto block = [&](const bool rolls) {
        sempre::Moment moment;
        moment.beat = beat;
        moment.frame = frame;
        moment.rolls = rolls;
        moment.clock = sempre::nanoseconds();
        const uint32_t frames = 32 + some() % 512;
        const double until = beat + frames * 120.0 / 60 / 48000;
        player.run(moment, frames, [&](uint32_t, const uint8_t* bytes, uint32_t) { judge.hear(beat, until, bytes); });
        if (rolls) {
            beat = until;
            frame += frames;
        }
        if (some() % 200 == 0) {
            beat = some() % 64;
            frame += 1000000;
        }
    };
    for (int round = 0; round < rounds; ++round) {
        std::atomic<bool> over{false};
        std::thread thread;
        pid_t child = 0;
        if (processes) {
            child = fork();
            if (child == 0) engine(bond, unsigned(round), nullptr);
        } else {
            thread = std::thread([&] { engine(bond, unsigned(round), &over); });
        }
        const int64_t until = sempre::nanoseconds() + 5000000 + int64_t(some() % 10000000);
        while (sempre::nanoseconds() < until) {
            for (int i = 0; i < 20; ++i) block(some() % 50 != 0);
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
        over.store(true);
        if (processes) {
            kill(child, SIGKILL);
            waitpid(child, nullptr, 0);
        } else {
            thread.join();
        }
    }
    beat += 1000;
    frame += 1;
    block(false);
    for (const int one : judge.sounding) judge.wrong += one != 0;
    std::printf("%d engines, %llu notes, %llu wrong\n", rounds, static_cast<unsigned long long>(judge.notes),
                static_cast<unsigned long long>(judge.wrong));
    return judge.wrong != 0 || judge.notes == 0;
}
