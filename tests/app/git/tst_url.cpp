#include "git/url.h"

#include <QTest>

using namespace git;
using namespace Qt::StringLiterals;

class TestUrl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsEveryForm_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<int>("form");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("https");
        const auto row = [](const char *url, UrlForm form, const char *name, const char *https) {
            QTest::newRow(url) << QString::fromUtf8(url) << int(form) << QString::fromUtf8(name)
                               << QString::fromUtf8(https);
        };
        using enum UrlForm;
        row("https://github.com/a/b.git", Https, "b", "");
        row("HTTPS://github.com/a/b", Https, "b", "");
        row("http://127.0.0.1:8080/b.git/", Http, "b", "");
        row("https://me:p%40w@host.org/b.git", Https, "b", "");
        row("https://[::1]:8443/b", Https, "b", "");
        row("ssh://git@host.org:2222/a/b.git", Ssh, "b", "https://host.org/a/b.git");
        row("ssh://git@host.org/~me/b.git", Ssh, "b", "");
        row("git@github.com:a/b.git", Scp, "b", "https://github.com/a/b.git");
        row("github.com:/a/b.git", Scp, "b", "https://github.com/a/b.git");
        row("work:b.git", Scp, "b", "");
        row("git@host.org:~/b", Scp, "b", "");
        row("git://host.org/b", Git, "b", "");
        row("file:///srv/git/b.git", File, "b", "");
        row("/srv/git/ä b'c/.git", Path, "ä b'c", "");
        row("/srv/b.bundle", Path, "b", "");
        row("", None, "", "");
        row("-u/x:y", None, "", "");
        row("--upload-pack=touch", None, "", "");
        row("ext::sh -c x", None, "", "");
        row("https://", None, "", "");
        row("https://host.org", None, "", "");
        row("https://-oProxyCommand=x/b", None, "", "");
        row("-oProxyCommand=x:b", None, "", "");
        row("https://host.org:99999/b", None, "", "");
        row("https://host.org/a\nb", None, "", "");
        row("ftp://host.org/b", None, "", "");
        row("train.py", None, "", "");
        row("a/b:c", None, "", "");
    }
    void readsEveryForm()
    {
        QFETCH(QString, url);
        QFETCH(int, form);
        QCOMPARE(int(parseUrl(url).form), form);
        QTEST(repositoryName(url), "name");
        QTEST(asHttps(url).value_or(QString()), "https");
        QCOMPARE(urlProblem(url).isEmpty(), form != int(UrlForm::None));
    }

    void splitsOffSecrets()
    {
        const Url url = parseUrl(u"https://me:p%40:w@Host.org:8443/a/b.git"_s);
        QCOMPARE(url.user, u"me"_s);
        QCOMPARE(url.password, u"p@:w"_s);
        QCOMPARE(url.host, u"host.org"_s);
        QCOMPARE(url.port, 8443);
        QVERIFY(url.holdsSecret());
        QCOMPARE(url.withoutSecret(), u"https://host.org:8443/a/b.git"_s);
        QVERIFY(parseUrl(u"https://ghp_0123456789abcdefABCD@github.com/a/b"_s).holdsSecret());
        QVERIFY(!parseUrl(u"https://me@github.com/a/b"_s).holdsSecret());
        QVERIFY(!parseUrl(u"git@github.com:a/b"_s).holdsSecret());
        QCOMPARE(parseUrl(u"ssh://me:pw@host.org/b"_s).withoutSecret(), u"ssh://me@host.org/b"_s);
    }

    void redacts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char *text, const char *shown) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(shown);
        };
        row("https://me:secret@host/a", "https://***@host/a");
        row("https://me:sec@ret@host/a", "https://***@host/a");
        row("https://me:sec ret'@host/a", "https://***@host/a");
        row("HTTPS://secret@host/a", "HTTPS://***@host/a");
        row("fatal: unable to access 'http://u:secret@h/x/': The requested URL",
            "fatal: unable to access 'http://***@h/x/': The requested URL");
        row("a https://u:secret@h/x b https://secret@h/y", "a https://***@h/x b https://***@h/y");
        row("ssh://me:secret@host/a", "ssh://me:***@host/a");
        row("ssh://git@host/a", "ssh://git@host/a");
        row("git@host:a", "git@host:a");
        row("https://host/a@b", "https://host/a@b");
    }
    void redacts()
    {
        QFETCH(QString, text);
        QTEST(redacted(text), "shown");
    }
};

QTEST_GUILESS_MAIN(TestUrl)
#include "tst_url.moc"
