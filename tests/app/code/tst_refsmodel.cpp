#include "code/refsmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using code::RefsModel;
using git::Ref;

/** Branches and tags as rows. */
class TestRefsModel : public QObject
{
    Q_OBJECT
private:
    static Ref ref(Ref::Kind kind, const QString &name, const QString &remote = {})
    {
        return Ref{kind, name, remote, QString(40, u'a'),
            git::CommitSummary{u"Fix the loader"_s, u"Ada"_s, QDateTime::fromSecsSinceEpoch(1000, QTimeZone::utc())}};
    }

private Q_SLOTS:
    void showsEachNameOnce()
    {
        RefsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRefs({{ref(Ref::Kind::Branch, u"main"_s), ref(Ref::Kind::RemoteBranch, u"main"_s, u"origin"_s),
                           ref(Ref::Kind::RemoteBranch, u"dev"_s, u"origin"_s),
                           ref(Ref::Kind::RemoteBranch, u"dev"_s, u"fork"_s), ref(Ref::Kind::Tag, u"v1"_s)},
                          {}},
            1000 + 3600);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, RefsModel::Name).data().toString(), u"main"_s);
        QCOMPARE(model.index(1, RefsModel::Kind).data().toString(), u"branch of origin"_s);
        QCOMPARE(model.index(0, RefsModel::LastCommit).data().toString(), u"Fix the loader · Ada, 1 h ago"_s);
    }

    void aNameThatCannotBeTypedIsItsCommit()
    {
        Ref odd = ref(Ref::Kind::Branch, u"caf\uFFFD"_s);
        odd.exact = false;
        RefsModel model;
        model.setRefs({{odd}, {}}, 2000);
        QCOMPARE(model.index(0, RefsModel::Name).data(Qt::EditRole).toString(), odd.commit);
    }

    void theSameAgainChangesNothing()
    {
        RefsModel model;
        const git::Refs refs{{ref(Ref::Kind::Tag, u"v1"_s)}, {}};
        int resets = 0;
        connect(&model, &RefsModel::modelReset, this, [&resets] { ++resets; });
        model.setRefs(refs, 2000);
        model.setRefs(refs, 3000);
        QCOMPARE(resets, 1);
    }
};

QTEST_GUILESS_MAIN(TestRefsModel)
#include "tst_refsmodel.moc"
