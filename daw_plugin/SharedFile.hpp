// The file in memory through which an instance and an engine meet.
#pragma once

#include "Bond.hpp"

#include <string>

namespace sempre {

// Makes the file, and removes it at the end. Nothing here is for the thread that makes sound.
class SharedFile {
public:
    explicit SharedFile(const char* format, bool seen = true);
    ~SharedFile();
    SharedFile(const SharedFile&) = delete;
    SharedFile& operator=(const SharedFile&) = delete;

    // Always there: where no file can be made, memory that nobody else sees.
    Bond* bond() const { return bond_; }

    // Whether an engine can find it.
    bool shared() const { return !path_.empty(); }

private:
    Bond* bond_ = nullptr;
    std::string path_;
};

}  // namespace sempre
