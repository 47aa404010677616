#pragma once

#include "logs/ansi.h"

#include <QString>
#include <vector>

/**
 * The plainest terminal that can be written: every row in memory, one character at a time, no fast paths. Takes whole
 * streams of ASCII only. What logs::Screen must agree with.
 */
class TerminalModel
{
public:
    struct Cell
    {
        char character = ' ';
        logs::Style style;
        bool operator==(const Cell &) const = default;
    };
    using Row = std::vector<Cell>;

    void feed(QByteArrayView bytes)
    {
        while (!bytes.isEmpty()) {
            const char c = bytes[0];
            qsizetype taken = 1;
            if (c == '\x1b') {
                const logs::Escape escape = logs::parseEscape(bytes);
                if (escape.length == 0)
                    return;
                taken = escape.length;
                control(escape);
            } else if (c == '\n') {
                column = 0;
                if (++row == rows.size())
                    rows.emplace_back();
            } else if (c == '\r')
                column = 0;
            else if (c == '\b')
                column -= column > 0;
            else if (c == '\t')
                do
                    put(' ');
                while (column % 8);
            else if (c >= ' ')
                put(c);
            bytes = bytes.sliced(taken);
        }
    }

    std::vector<Row> rows = std::vector<Row>(1);

private:
    void put(char c)
    {
        if (rows[row].size() <= column)
            rows[row].resize(column + 1);
        rows[row][column++] = {c, style};
    }

    void control(const logs::Escape &escape)
    {
        const size_t n = std::max<size_t>(1, escape.parameters.toByteArray().toULongLong());
        const size_t top = rows.size() > 65 ? rows.size() - 65 : 0;
        if (escape.isSgr())
            logs::applySgr(escape.parameters, style);
        else if (escape.final == 'A')
            row = row >= top + n ? row - n : top;
        else if (escape.final == 'B')
            row = std::min(row + n, rows.size() - 1);
        else if (escape.final == 'K') {
            if (escape.parameters == "2")
                rows[row].clear();
            else if (escape.parameters == "1")
                std::fill_n(rows[row].begin(), std::min(column + 1, rows[row].size()), Cell());
            else
                rows[row].resize(std::min(column, rows[row].size()));
        } else if (escape.final == 'J') {
            rows[row].resize(std::min(column, rows[row].size()));
            for (size_t i = row + 1; i < rows.size(); ++i)
                rows[i].clear();
        }
    }

    size_t row = 0;
    size_t column = 0;
    logs::Style style;
};
