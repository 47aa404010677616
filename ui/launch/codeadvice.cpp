#include "launch/codeadvice.h"

#include "code/advice.h"
#include "code/words.h"
#include "code/worktreeplan.h"
#include "common/form.h"
#include "common/theme.h"
#include "recipe/startcommand.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

CodeAdvice::CodeAdvice(code::CodeLook &look, QWidget *parent)
    : QWidget(parent)
    , m_look(look)
{
    m_worktree = common::buttonRow(tr("Use a separate worktree for this run"), m_make, m_worktreeSays, this);
    m_brought = common::buttonRow(tr("Use it"), m_use, m_broughtSays, this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, common::grid, 0, 0);
    layout->addWidget(m_worktree);
    layout->addWidget(m_brought);
    connect(m_make, &QPushButton::clicked, this, &CodeAdvice::makeWorktree);
    connect(m_use, &QPushButton::clicked, this, &CodeAdvice::useBrought);
    showAll();
}

void CodeAdvice::tell(const Facts &facts)
{
    m_facts = facts;
    showAll();
}

void CodeAdvice::forget() { m_trouble.clear(); }

bool CodeAdvice::canMakeWorktree() const { return !m_warnings.isEmpty() && code::canMakeWorktree(m_facts.copy); }

QList<Fix> CodeAdvice::fixes() const
{
    if (!canMakeWorktree() || m_making || m_facts.copy.looking)
        return {};
    return {{Fix::Kind::Worktree, tr("Use a worktree"), {}}};
}

void CodeAdvice::showAll()
{
    const QList<Fix> before = fixes();
    QStringList warnings = code::warnings(m_facts.copy, m_facts.uses, m_facts.config);
    if (!m_trouble.isEmpty())
        warnings += m_trouble;
    const bool changed = warnings != m_warnings;
    m_warnings = warnings;
    m_worktree->setVisible(canMakeWorktree());
    m_make->setEnabled(!m_making && !m_facts.copy.looking);
    m_worktreeSays->setText(m_making ? tr("Making the worktree…") : code::worktreeText(m_facts.copy, m_facts.config));
    showBrought();
    setVisible(!m_worktree->isHidden() || !m_brought->isHidden());
    if (changed || fixes() != before)
        Q_EMIT warningsChanged();
}

void CodeAdvice::showBrought()
{
    const auto &brought = m_facts.copy.brought;
    m_brought->setVisible(brought && m_facts.present && brought->file.config != m_facts.config);
    if (m_brought->isHidden())
        return;
    m_use->setVisible(brought->readable());
    m_broughtSays->setText(brought->readable()
            ? tr("This code brings a run configuration, slipway.json.")
            : tr("slipway.json beside the code cannot be read: %1").arg(brought->trouble));
}

void CodeAdvice::makeWorktree()
{
    const code::WorkingCopy &copy = m_facts.copy;
    if (!copy.repository || m_making)
        return;
    m_making = true;
    m_trouble.clear();
    const CodeStep &wanted = m_facts.config.code;
    const git::Repository repository = *copy.repository;
    m_look
        .makeWorktree(wanted.commit.isEmpty() ? wanted.checkout : wanted.commit,
            code::worktreeFolder(repository, m_facts.config, copy.worktrees))
        .then(this, [this, repository](const core::Result<git::Worktree> &made) {
            m_making = false;
            if (!made) {
                m_trouble = made.error().message;
                m_look.lookAgain(); // the name may be taken by now
                return showAll();
            }
            const RunConfig own = code::fromWorktree(m_facts.config, repository, made->folder);
            Q_EMIT configOffered(own,
                tr("This run has a folder of its own now, at %1. To remove it one day: git worktree remove %2")
                    .arg(code::shortCommit(made->commit), shellQuote(made->folder)));
        });
    showAll();
}

void CodeAdvice::useBrought()
{
    if (const auto &brought = m_facts.copy.brought)
        Q_EMIT configOffered(brought->file.config, tr("Filled from %1.").arg(brought->path));
}

} // namespace launch
