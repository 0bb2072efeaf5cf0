// Sound that Sempre's own instruments make, on the host's timeline.
//
// The plugin says which sound begins and ends at which of its frames; a process of Sempre's makes the sound of all
// frames up to there, in order and each of them once; and the plugin gives it to the host a fixed time later. The
// host is told that time as a latency, and makes up for it. So a loop, a jump or a ramp of the tempo is exact in
// the sound, too, and nobody has to foresee it.
#pragma once

#include "Bond.hpp"
#include "Pace.hpp"

#include <algorithm>

namespace sempre {

class Sound {
public:
    static constexpr uint32_t RAMP = 64;  // frames in which sound comes and goes where some of it is not there

    explicit Sound(Bond* bond) : bond_(bond) {}

    // Frames by which the sound comes later, and all else has to.
    uint32_t latency() const { return latency_; }

    // Takes on the latency that the engine's side needs: while the host rolls only where there was none, for
    // hosts shift a whole track when it changes.
    void adopt(bool rolls) {
        const uint32_t wanted = std::min(bond_->latency.load(std::memory_order_acquire), FRAMES / 2);
        if (!rolls || latency_ == 0) latency_ = wanted;
    }

    // Says that a sound begins; gives what it is ended by.
    uint64_t begin(int64_t frame, uint64_t number) {
        const uint64_t place = bond_->cued.load(std::memory_order_relaxed);
        write(place, frame, number);
        return place;
    }

    void end(int64_t frame, uint64_t begun) {
        write(bond_->cued.load(std::memory_order_relaxed), frame, ENDS | begun);
    }

    // Says that nothing more begins or ends before a frame.
    void tell(int64_t frame, uint32_t frames) {
        const auto relaxed = std::memory_order_relaxed;
        bond_->block.store(std::max(bond_->block.load(relaxed), frames), relaxed);
        bond_->reached.store(frame, std::memory_order_release);
    }

    // Gives the sound of a block, whose first frame it is told.
    void listen(float* left, float* right, int64_t frame, uint32_t frames, double rate, Pace& pace) {
        const int64_t first = frame - int64_t(latency_), last = first + frames;
        int64_t there = latency_ ? bond_->sounded.load(std::memory_order_acquire) : first;
        const int64_t from = bond_->from.load(std::memory_order_relaxed);
        if (latency_ && there < last && last > from) {
            there = await(last, double(latency_) / rate, pace);
            if (there < last) bond_->hollow.fetch_add(1, std::memory_order_relaxed);
        }
        const bool kept = there - first <= int64_t(FRAMES);  // not yet written over
        for (uint32_t i = 0; i < frames; ++i) {
            const int64_t at = first + i;
            const bool has = kept && at >= from && at < there;
            level_ = std::clamp(level_ + (has ? 1.f : -1.f) / RAMP, 0.f, 1.f);
            if (has) {
                const auto place = size_t(at & int64_t(FRAMES - 1));
                last_[0] = bond_->sound[0][place].load(std::memory_order_relaxed);
                last_[1] = bond_->sound[1][place].load(std::memory_order_relaxed);
            }
            left[i] = level_ * last_[0];
            right[i] = level_ * last_[1];
        }
    }

private:
    void write(uint64_t place, int64_t frame, uint64_t what) {
        Cue& cue = bond_->cues[place % CUES];
        cue.frame.store(frame, std::memory_order_relaxed);
        cue.what.store(what, std::memory_order_relaxed);
        bond_->cued.store(place + 1, std::memory_order_release);
    }

    // A host that renders is kept waiting; one that plays is not. Before it is known which it is, one may wait by
    // so much as it is ahead of time: half of our latency is more than hosts that play are ahead by mere jitter.
    int64_t await(int64_t frame, double lag, Pace& pace) {
        const auto ready = [&] { return bond_->sounded.load(std::memory_order_acquire) >= frame; };
        const int64_t before = bond_->sounded.load(std::memory_order_acquire);
        const double spare = pace.ahead() - lag / 2;
        if (pace.isOffline()) {
            if (!gone_ || before != goneAt_) {
                gone_ = !pace.wait(PATIENCE, ready);
                goneAt_ = bond_->sounded.load(std::memory_order_acquire);
            }
        } else if (spare > 0) {
            pace.wait(int64_t(spare * 1e9), ready);
        }
        return bond_->sounded.load(std::memory_order_acquire);
    }

    Bond* bond_;
    uint32_t latency_ = 0;
    int64_t goneAt_ = 0;
    bool gone_ = false;
    float level_ = 0, last_[2] = {0, 0};
};

}  // namespace sempre
