// How fast a host goes through its song, and how long it may be kept waiting.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace sempre {

constexpr int64_t PATIENCE = 2000000000;  // nanoseconds that a host is kept waiting at most, offline

inline int64_t nanoseconds() {
    // Not a call into the kernel: the C library reads a page that this keeps up to date.
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t(now.tv_sec) * 1000000000 + now.tv_nsec;
}

// Whether a host renders faster than in real time: no format tells us by way of the framework.
class Pace {
public:
    // Takes the next block. A window of half a second of sound that took less than half of that is offline;
    // a server that makes up for a standstill of a quarter of a second does not get there. Time that we waited
    // does not count.
    bool pass(uint32_t frames, double rate, int64_t now) {
        if (begin_ == 0) begin_ = last_ = now;
        ahead_ = std::max(0.0, ahead_ + block_ - double(now - last_) * 1e-9);
        last_ = now;
        block_ = double(frames) / rate;
        frames_ += frames;
        if (double(frames_) < rate / 2) return offline_;
        const double took = double(now - begin_ - waited_) * 1e-9, lasted = double(frames_) / rate;
        offline_ = took < lasted * (offline_ ? 0.8 : 0.5);
        begin_ = now;
        frames_ = 0;
        waited_ = 0;
        return offline_;
    }

    bool isOffline() const { return offline_; }

    // Seconds by which blocks have come sooner than time passes, since the one that came latest.
    double ahead() const { return ahead_; }

    // Waits until something is ready, and no longer than so many nanoseconds; says whether it is.
    template <typename Ready>
    bool wait(int64_t most, Ready&& ready) {
        const int64_t begin = nanoseconds();
        bool is = ready();
        while (!is && nanoseconds() - begin < most) {
            const timespec moment = {0, 200000};
            nanosleep(&moment, nullptr);
            is = ready();
        }
        waited_ += nanoseconds() - begin;
        return is;
    }

private:
    int64_t begin_ = 0, last_ = 0, waited_ = 0;
    uint64_t frames_ = 0;
    double ahead_ = 0, block_ = 0;  // seconds
    bool offline_ = false;
};

}  // namespace sempre
