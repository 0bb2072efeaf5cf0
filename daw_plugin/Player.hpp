// Plays from a bond, block by block: what of the plan lies in a block, at its frames, and when each note ends.
//
// Knows no host and no format, so that it can be tested without one. Real-time safe: it allocates nothing, takes
// no lock and calls nothing of the system; only where the host renders offline it sleeps, a bounded time.
#pragma once

#include "Bond.hpp"
#include "Pace.hpp"
#include "Sound.hpp"

#include <algorithm>
#include <cmath>

namespace sempre {

// What a host says of a block.
struct Moment {
    double beat = 0;           // quarter notes from the song's begin, at the first frame
    double bpm = 120;          // quarter notes a minute
    double rate = 48000;       // frames a second
    double beatsPerBar = 4;    // quarter notes
    int64_t frame = 0;         // from the song's begin
    int64_t clock = 0;         // nanoseconds of the system's monotonic clock
    bool rolls = false;
    bool muted = false;
};

class Player {
public:
    static constexpr double NEAR = 0.05;      // beats: hosts round, and round differently from block to block
    static constexpr double CLOSE = 0.002;    // the same where its frames do not go on: a tick of 1,920 and more
    static constexpr double COARSE = 1e-5;    // the same from block to block: two roundings to 32 bits
    static constexpr double TARDY = 0.05;     // seconds: what has come so much too late is not played any more
    static constexpr double SILENT = 3.0;     // seconds without a sign of the engine; another takes over sooner
    static constexpr uint32_t MOST = 512;     // notes that sound at once
    static constexpr int STRANGE = 4;         // blocks that a host may contradict its own frames

    explicit Player(Bond* bond) : bond_(bond), sound_(bond) {}

    // Plays a block.
    //   send(frame, bytes, size): a MIDI message, in order of frames.
    template <typename Send>
    void run(const Moment& moment, uint32_t frames, Send&& send) {
        first_ = ran_;
        ran_ += frames;
        rate_ = moment.rate;
        sound_.adopt(moment.rolls);
        pass(moment, frames, send);
        sound_.tell(ran_, frames);
    }

    // Gives the sound of the block that was played last.
    void listen(float* left, float* right, uint32_t frames) {
        sound_.listen(left, right, first_, frames, rate_, pace_);
    }

    // Frames since it was loaded, up to the block that was played last.
    int64_t first() const { return first_; }

    // Frames by which sound and messages have to leave later.
    uint32_t latency() const { return sound_.latency(); }

    // Ends all that sounds, at a block's first frame.
    template <typename Send>
    void endAll(Send&& send) {
        for (uint32_t i = 0; i < sounding_; ++i) sendEnd(notes_[i], 0, send);
        sounding_ = 0;
    }

    uint32_t sounding() const { return sounding_; }

    // Whether an engine gave a sign of life lately.
    bool bound() const { return lives_; }

private:
    struct Note {
        double end;
        uint8_t channel, key;
        bool sounds;      // whether it is no message but a sound
        uint64_t begun;   // then the place of its cue
    };
    struct Planned {
        double beat, length;
        uint64_t bytes;
    };
    struct Block {
        double beat, step;
        uint32_t frames;
    };

    template <typename Send>
    void pass(const Moment& moment, uint32_t frames, Send&& send) {
        const bool offline = pace_.pass(frames, moment.rate, moment.clock);
        const double step = moment.bpm / 60 / moment.rate;  // beats in a frame
        const double expected = told_;
        told_ = moment.beat + step * frames;
        bool jumped = moment.rolls != rolled_;
        double beat = moment.beat;
        if (moment.rolls && rolled_) {
            const bool goesOn = moment.frame == frame_;
            if (goesOn && moment.bpm == bpm_ && std::abs(beat - expected) <= COARSE) {
                // Nothing new since the last block; then our own sum is truer than that of a framework which counts
                // on in 32 bits for an LV2 host that tells only what changes, and loses 33 frames a minute.
                strange_ = 0;
                beat = next_;
            } else if (std::abs(beat - next_) <= (goesOn ? NEAR : CLOSE)) {
                strange_ = 0;
            } else if (goesOn && strange_ < STRANGE) {
                ++strange_;  // its frames go on, so its bars are wrong: some tell a new one a block too early
                beat = next_;
                told_ = expected + step * frames;
            } else {
                jumped = true;
            }
        }
        if (jumped) {
            strange_ = 0;
            ++jumps_;
            cursor_ = beat - step / 2;
        }
        tell(moment, beat, offline);
        const bool lives = lives_ = engineLives(frames, moment.rate);
        const uint32_t flushes = bond_->flushes.load(std::memory_order_acquire);
        if (jumped || flushes != flushes_ || moment.muted || !lives) endAll(send);
        flushes_ = flushes;
        rolled_ = moment.rolls;
        bpm_ = moment.bpm;
        frame_ = moment.frame + frames;
        next_ = beat + step * frames;
        if (!moment.rolls) return;
        block_ = {beat, step, frames};
        // What is nearer to the next block's first frame than to our last one is the next block's.
        const double end = beat + step * (frames - 0.5);
        cursor_ = std::max(cursor_, beat - TARDY * moment.bpm / 60);
        if (moment.muted || !lives) {
            cursor_ = end;
        } else {
            play(end, beat - step / 2, offline, send);
        }
        endUntil(end, send);
    }

    void tell(const Moment& m, double beat, bool offline) {
        Now& now = bond_->now;
        const auto relaxed = std::memory_order_relaxed;
        const uint32_t sequence = now.sequence.load(relaxed);
        now.sequence.exchange(sequence + 1, std::memory_order_acq_rel);  // nothing below is seen before it
        now.rolls.store(m.rolls, relaxed);
        now.beat.store(beat, relaxed);
        now.bpm.store(m.bpm, relaxed);
        now.rate.store(m.rate, relaxed);
        now.beats_per_bar.store(m.beatsPerBar, relaxed);
        now.frame.store(m.frame, relaxed);
        now.ran.store(first_, relaxed);
        now.clock.store(m.clock, relaxed);
        now.jumps.store(jumps_, relaxed);
        now.offline.store(offline, relaxed);
        now.muted.store(m.muted, relaxed);
        now.sequence.store(sequence + 2, std::memory_order_release);
    }

    bool engineLives(uint32_t frames, double rate) {
        const uint32_t beats = bond_->beats.load(std::memory_order_acquire);
        silent_ = beats == beats_ ? std::min(silent_ + double(frames) / rate, SILENT + 1) : 0;
        beats_ = beats;
        return silent_ < SILENT && bond_->owner.load(std::memory_order_relaxed) != 0;
    }

    template <typename Send>
    void play(double end, double begin, bool offline, Send&& send) {
        while (cursor_ < end) {
            const int64_t page = int64_t(std::floor(cursor_));
            const double last = std::min(end, double(page) + 1);
            // Half a frame of the beat before: nobody is to have planned that for our sake.
            const bool sliver = last < end && last - cursor_ < block_.step;
            if (!fetch(page) && !(offline && !sliver && await(page))) {
                if (!sliver) bond_->missing.fetch_add(1, std::memory_order_relaxed);
                // It may still come: what was to begin meanwhile is then played late, if it is not too late.
                if (last >= end) return;
                cursor_ = last;
                continue;
            }
            for (uint32_t i = 0; i < count_; ++i) {
                const Planned& one = planned_[i];
                if (one.beat < cursor_ || one.beat >= last) continue;
                endUntil(one.beat, send);
                if (one.beat < begin) bond_->late.fetch_add(1, std::memory_order_relaxed);
                beginNote(one, send);
            }
            cursor_ = last;
        }
    }

    // Copies a page, if it is there and whole.
    bool fetch(int64_t beat) {
        const Page& page = bond_->pages[page_of(beat)];
        const auto relaxed = std::memory_order_relaxed;
        const uint64_t sum = page.sum.load(std::memory_order_acquire);
        const uint32_t generation = page.generation.load(relaxed), count = page.count.load(relaxed);
        if (page.beat.load(relaxed) != beat || count > EVENTS) return false;
        if (int32_t(generation - bond_->generation.load(std::memory_order_acquire)) < 0) return false;
        if (has_ && here_ == beat && sum == sum_) return true;
        uint64_t mine = stirred(stirred(stirred(EMPTY_SUM, uint64_t(beat)), generation), count);
        for (uint32_t i = 0; i < count; ++i) {
            const Event& event = page.events[i];
            planned_[i] = {event.beat.load(relaxed), event.length.load(relaxed), event.bytes.load(relaxed)};
            mine = stirred(mine, word(planned_[i].beat));
            mine = stirred(mine, word(planned_[i].length));
            mine = stirred(mine, planned_[i].bytes);
        }
        has_ = mine == sum;
        here_ = beat;
        sum_ = sum;
        count_ = has_ ? count : 0;
        return has_;
    }

    // Offline only: gives the engine time. Not if there was none when we waited the last time.
    bool await(int64_t beat) {
        const uint32_t beats = bond_->beats.load(std::memory_order_acquire);
        if (gone_ && beats == goneAt_) return false;
        const int64_t begin = nanoseconds();
        const bool found = pace_.wait(PATIENCE, [this, beat] { return fetch(beat); });
        gone_ = !found;
        goneAt_ = bond_->beats.load(std::memory_order_acquire);
        bond_->waited.fetch_add(uint64_t((nanoseconds() - begin) / 1000), std::memory_order_relaxed);
        return found;
    }

    static uint64_t word(double value) {
        uint64_t out;
        static_assert(sizeof out == sizeof value, "a double has eight bytes");
        std::copy_n(reinterpret_cast<const unsigned char*>(&value), sizeof out,
                    reinterpret_cast<unsigned char*>(&out));
        return out;
    }

    uint32_t frameOf(double beat) const {
        const double frame = std::floor((beat - block_.beat) / block_.step + 0.5);
        return uint32_t(std::clamp(frame, 0.0, double(block_.frames - 1)));
    }

    template <typename Send>
    void beginNote(const Planned& one, Send&& send) {
        const uint8_t size = uint8_t(one.bytes >> 56);
        const uint8_t bytes[3] = {uint8_t(one.bytes), uint8_t(one.bytes >> 8), uint8_t(one.bytes >> 16)};
        const uint32_t frame = frameOf(one.beat);
        if (size == NUMBER) return beginSound(one, frame);
        if (size < 1 || size > 3) return;
        const bool note = (bytes[0] & 0xf0) == 0x90 && one.length >= 0;
        if (note) {
            // A key that still sounds is let go first, or its end would end the new note.
            for (uint32_t i = 0; i < sounding_; ++i) {
                if (!notes_[i].sounds && notes_[i].channel == (bytes[0] & 15) && notes_[i].key == bytes[1]) {
                    sendEnd(notes_[i], frame, send);
                    notes_[i--] = notes_[--sounding_];
                }
            }
            if (sounding_ == MOST) return;
            notes_[sounding_++] = {one.beat + one.length, uint8_t(bytes[0] & 15), bytes[1], false, 0};
        }
        send(frame, bytes, size);
        bond_->played.fetch_add(1, std::memory_order_relaxed);
    }

    void beginSound(const Planned& one, uint32_t frame) {
        const bool ends = one.length >= 0;
        if (ends && sounding_ == MOST) return;
        const uint64_t begun = sound_.begin(first_ + frame, one.bytes & 0xffffffffffffff);
        if (ends) notes_[sounding_++] = {one.beat + one.length, 0, 0, true, begun};
        bond_->played.fetch_add(1, std::memory_order_relaxed);
    }

    // Ends the notes that are over by a beat, in the order of their ends.
    template <typename Send>
    void endUntil(double beat, Send&& send) {
        for (;;) {
            uint32_t first = sounding_;
            for (uint32_t i = 0; i < sounding_; ++i) {
                if (notes_[i].end <= beat && (first == sounding_ || notes_[i].end < notes_[first].end)) first = i;
            }
            if (first == sounding_) return;
            sendEnd(notes_[first], frameOf(notes_[first].end), send);
            notes_[first] = notes_[--sounding_];
        }
    }

    template <typename Send>
    void sendEnd(const Note& note, uint32_t frame, Send&& send) {
        if (note.sounds) return sound_.end(first_ + frame, note.begun);
        const uint8_t bytes[3] = {uint8_t(0x80 | note.channel), note.key, 0};
        send(frame, bytes, 3);
    }

    Bond* bond_;
    Pace pace_;
    Sound sound_;
    double rate_ = 48000;
    Block block_ = {0, 1, 1};
    double cursor_ = 0;       // up to here all has begun
    double next_ = 0;         // the beat that is expected next
    double told_ = 0;         // the beat that the host is expected to tell next
    double bpm_ = 0;          // in the last block
    double silent_ = 0;       // seconds without a sign of the engine
    int64_t frame_ = 0, ran_ = 0, first_ = 0, here_ = 0;
    uint64_t sum_ = 0;
    uint32_t jumps_ = 0, beats_ = 0, flushes_ = 0, count_ = 0, sounding_ = 0, goneAt_ = 0;
    int strange_ = 0;
    bool rolled_ = false, has_ = false, gone_ = false, lives_ = false;
    Planned planned_[EVENTS];
    Note notes_[MOST];
};

}  // namespace sempre
