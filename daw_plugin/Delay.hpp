// Messages that wait: where sound comes later by a latency, for which the host makes up, all else has to as well.
#pragma once

#include <algorithm>
#include <cstdint>

namespace sempre {

class Delay {
public:
    static constexpr uint32_t MOST = 4096;  // beyond that the oldest leave too early: none is lost

    // Takes a message of 1 to 3 bytes, to leave at a frame. None overtakes another.
    void put(int64_t frame, const uint8_t* bytes, uint32_t size) {
        newest_ = std::max(newest_, frame);
        Message& one = messages_[written_++ % MOST];
        one = {newest_, size, {0, 0, 0}};
        std::copy_n(bytes, std::min(size, 3u), one.bytes);
    }

    // Gives those that leave in a block: send(frame in it, bytes, size).
    template <typename Send>
    void take(int64_t first, uint32_t frames, Send&& send) {
        const int64_t last = first + int64_t(frames);
        if (written_ - read_ > MOST) read_ = written_ - MOST;
        while (read_ != written_ && (messages_[read_ % MOST].frame < last || written_ - read_ > MOST / 2)) {
            const Message& one = messages_[read_++ % MOST];
            send(uint32_t(std::clamp<int64_t>(one.frame - first, 0, int64_t(frames) - 1)), one.bytes, one.size);
        }
    }

private:
    struct Message {
        int64_t frame;
        uint32_t size;
        uint8_t bytes[3];
    };

    Message messages_[MOST] = {};
    uint64_t written_ = 0, read_ = 0;
    int64_t newest_ = 0;
};

}  // namespace sempre
