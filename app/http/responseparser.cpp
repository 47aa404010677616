#include "http/responseparser.h"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>

namespace http {

namespace beast = boost::beast::http;

namespace {

/** Beast's own parser with the body handed out piece by piece instead of being collected. */
class Parser : public beast::basic_parser<false>
{
public:
    ResponseHead head;
    QByteArray body;

private:
    using ErrorCode = boost::beast::error_code;
    using View = boost::beast::string_view;

    static QByteArray bytes(View view) { return QByteArray(view.data(), qsizetype(view.size())); }

    void on_request_impl(beast::verb, View, View, int, ErrorCode &ec) override { ec = {}; }
    void on_response_impl(int code, View, int, ErrorCode &ec) override
    {
        ec = {};
        head.status = code;
    }
    void on_field_impl(beast::field, View name, View value, ErrorCode &ec) override
    {
        ec = {};
        head.headers.add(bytes(name), bytes(value));
    }
    void on_header_impl(ErrorCode &ec) override { ec = {}; }
    void on_body_init_impl(boost::optional<std::uint64_t> const &, ErrorCode &ec) override { ec = {}; }
    std::size_t on_body_impl(View data, ErrorCode &ec) override
    {
        ec = {};
        body.append(data.data(), qsizetype(data.size()));
        return data.size();
    }
    void on_chunk_header_impl(std::uint64_t, View, ErrorCode &ec) override { ec = {}; }
    std::size_t on_chunk_body_impl(std::uint64_t, View data, ErrorCode &ec) override
    {
        ec = {};
        body.append(data.data(), qsizetype(data.size()));
        return data.size();
    }
    void on_finish_impl(ErrorCode &ec) override { ec = {}; }
};

core::Error protocolError(const QString &reason)
{
    return {core::ErrorKind::Protocol, 0, QStringLiteral("the answer is not HTTP: %1").arg(reason), {}};
}

constexpr QByteArrayView beginning = "HTTP/1.";

} // namespace

struct ResponseParser::Private
{
    Parser parser;
    QByteArray unparsed; ///< bytes of an unfinished header or chunk header, kept until more come
    std::optional<ResponseHead> head;
    bool begun = false; ///< the first bytes are those of an HTTP answer
    bool switched = false; ///< 101: everything after the header is the other protocol's
};

ResponseParser::ResponseParser(bool headOnly)
    : d(std::make_unique<Private>())
{
    d->parser.eager(true);
    d->parser.header_limit(64 * 1024);
    // An image export or a followed log has no limit. Not boost::none: Boost 1.74 takes any Content-Length for more
    // than that, and says so when a read ends exactly with the header.
    d->parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    d->parser.skip(headOnly);
}

ResponseParser::~ResponseParser() = default;

core::Result<void> ResponseParser::feed(QByteArrayView input)
{
    if (d->switched) {
        d->unparsed += input;
        return {};
    }
    // Without a rest from before, the caller's bytes are parsed in place.
    QByteArray joined;
    if (!d->unparsed.isEmpty()) {
        joined = std::exchange(d->unparsed, {}) + input;
        input = joined;
    }
    // Beast, once it got a piece of a header, looks at it only when all came: another protocol would wait for ever.
    if (!d->begun) {
        if (!beginning.startsWith(input.first(qMin(input.size(), beginning.size()))))
            return protocolError(QStringLiteral("it begins otherwise"));
        d->begun = input.size() >= beginning.size();
    }
    while (!input.isEmpty() && !d->parser.is_done()) {
        boost::beast::error_code ec;
        const auto used = d->parser.put(boost::asio::const_buffer(input.data(), size_t(input.size())), ec);
        input = input.sliced(qsizetype(used));
        if (d->parser.is_header_done() && !d->head) {
            d->head = d->parser.head;
            d->switched = d->head->status == 101;
            if (d->switched)
                break;
        }
        if (ec == beast::error::need_more)
            break;
        if (ec)
            return protocolError(QString::fromStdString(ec.message()));
        if (used == 0)
            break;
    }
    if (d->parser.is_done() && !d->switched && !input.isEmpty())
        return core::Error{core::ErrorKind::Protocol, 0, QStringLiteral("bytes after the end of the answer"), {}};
    d->unparsed = input.toByteArray();
    return {};
}

core::Result<void> ResponseParser::finish()
{
    if (d->switched || d->parser.is_done())
        return {};
    boost::beast::error_code ec;
    if (d->parser.got_some()) // else put_eof() asserts
        d->parser.put_eof(ec);
    if (ec || !d->parser.is_done())
        return core::Error{core::ErrorKind::Unreachable, 0,
            QStringLiteral("the connection was lost before the answer was complete"), {}};
    return {};
}

const std::optional<ResponseHead> &ResponseParser::head() const { return d->head; }

QByteArray ResponseParser::takeBody() { return std::exchange(d->parser.body, {}); }

bool ResponseParser::complete() const { return !d->switched && d->parser.is_done(); }

bool ResponseParser::keepAlive() const { return complete() && d->parser.keep_alive(); }

QByteArray ResponseParser::takeRest() { return std::exchange(d->unparsed, {}); }

} // namespace http
